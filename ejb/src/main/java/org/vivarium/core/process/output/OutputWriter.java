package org.vivarium.core.process.output;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes what Python prints and logs to the server's log, so that nobody who reads channels ever
 * waits for a log. Thread safe. Holds at most {@link #MOST_BYTES} that are not written yet.
 */
public final class OutputWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OutputWriter.class);
    private static final int MOST_BYTES = 16 << 20;

    /** What a line costs besides its text. */
    private static final int OVERHEAD_BYTES = 200;

    private static final long CLOSE_WITHIN_MILLIS = 500;

    private final BlockingQueue<Line> lines = new LinkedBlockingQueue<>(); // bounded by bytes
    private final AtomicInteger bytes = new AtomicInteger();
    private final Thread thread;

    public OutputWriter(ThreadFactory threads) {
        thread = threads.newThread(this::run);
        thread.setName("vivarium-output");
        thread.start();
    }

    /** Has {@code write} run after all that was offered before; {@code false} if too much waits already. */
    boolean offer(int size, Runnable write) {
        int cost = size + OVERHEAD_BYTES;
        if (bytes.addAndGet(cost) > MOST_BYTES) {
            bytes.addAndGet(-cost);
            return false;
        }
        lines.add(new Line(cost, write));
        return true;
    }

    private void run() {
        try {
            for (Line line = lines.take(); !line.equals(Line.LAST); line = lines.take()) {
                bytes.addAndGet(-line.cost());
                write(line);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void write(Line line) {
        try {
            line.write().run();
        } catch (RuntimeException e) {
            LOG.error("a line of Python's output could not be logged; continuing", e);
        }
    }

    /** Writes what waits and ends the thread; waits at most half a second. */
    @Override
    public void close() {
        lines.add(Line.LAST);
        try {
            thread.join(CLOSE_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Line(int cost, Runnable write) {
        static final Line LAST = new Line(0, () -> {});
    }
}
