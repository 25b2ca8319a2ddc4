package org.vivarium.core.telemetry;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import org.vivarium.api.event.EventReporter;
import org.vivarium.api.event.PoolEvent;

/** A handler that may block: it has a bounded queue and a thread of its own, so that it delays only itself. */
final class QueuedSink extends EventSink {
    /** Each event takes some 100 bytes, so a handler that hangs costs less than 1 MB. */
    static final int CAPACITY = 4_096;

    private static final Duration POLL_INTERVAL = Duration.ofMillis(10);

    private final SpscAtomicArrayQueue<TimestampedEvent> queue = new SpscAtomicArrayQueue<>(CAPACITY);
    private final AtomicLong dropped = new AtomicLong();
    private final EventReporter reporter;
    private final EventClock eventClock;
    private final Thread thread;
    private volatile boolean closed;

    QueuedSink(
            String name,
            EventReporter reporter,
            Predicate<PoolEvent> wanted,
            EventClock eventClock,
            ThreadFactory threads) {
        super(name, wanted);
        this.reporter = reporter;
        this.eventClock = eventClock;
        this.thread = threads.newThread(this::consume);
        thread.setName("vivarium-events-" + name);
        thread.start();
    }

    @Override
    void take(TimestampedEvent timed) {
        if (!queue.offer(timed)) {
            dropped.incrementAndGet();
        }
    }

    private void consume() {
        while (!closed) {
            queue.drain(this::report);
            LockSupport.parkNanos(this, POLL_INTERVAL.toNanos());
        }
        queue.drain(this::report);
    }

    private void report(TimestampedEvent timed) {
        deliver(timed, event -> reporter.report(eventClock.at(timed.nanos()), event));
    }

    @Override
    SinkView view() {
        return view(true, dropped.get(), queue.size());
    }

    @Override
    void close(long untilNanos) {
        closed = true;
        LockSupport.unpark(thread);
        try {
            long left = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
            thread.join(Math.max(1, left));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread.interrupt(); // if it still hangs; nobody hears the rest
    }
}
