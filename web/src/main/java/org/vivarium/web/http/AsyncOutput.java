package org.vivarium.web.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a response as fast as its client reads it, without a thread that waits for the client. Status and headers are
 * set before. A client that needs more than its patience, and a second more for each 64 KiB, for one thing is given up.
 * Thread safe; what was given first is written first.
 */
public final class AsyncOutput implements WriteListener {
    private static final Logger LOG = LoggerFactory.getLogger(AsyncOutput.class);
    private static final int LARGEST_WRITE = 64 << 10;
    private static final long LONGEST_LOOK_MILLIS = 30_000;

    /** 64 KiB a second. */
    private static final long NANOS_PER_BYTE = TimeUnit.SECONDS.toNanos(1) / (64 << 10);

    private final AsyncContext async;
    private final ServletOutputStream out;
    private final Executor executor;
    private final Runnable over;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();

    // all guarded by the lock
    private final Deque<Part> parts = new ArrayDeque<>();
    private @Nullable ByteBuffer current;
    private boolean open;
    private boolean flush;
    private boolean ended;
    private @Nullable CompletableFuture<Void> watch;
    private long partSinceNanos;
    private long partBytes;

    private AsyncOutput(AsyncContext async, Executor executor, Duration patience, Runnable over) throws IOException {
        this.patience = patience;
        this.over = over;
        this.async = async;
        this.executor = executor;
        this.out = async.getResponse().getOutputStream();
    }

    /**
     * Begins a response.
     *
     * @param executor where it is noticed that the client reads too slowly
     * @param patience how long the client may take for one thing, and a second more for each 64 KiB
     * @param over called when the response has ended, or its client has gone; maybe not the only one to say so
     */
    public static AsyncOutput begin(AsyncContext async, Executor executor, Duration patience, Runnable over)
            throws IOException {
        Payara.queueNothing(async.getRequest());
        AsyncOutput output = new AsyncOutput(async, executor, patience, over);
        output.out.setWriteListener(output);
        return output;
    }

    /** One thing to write: buffers that are asked for one after another, and what follows once all are written. */
    private record Part(Iterator<ByteBuffer> buffers, boolean flushed, boolean last, Runnable written) {}

    /** Writes {@code bytes} at once, and then calls {@code written}, maybe before this returns. */
    public void write(byte[] bytes, Runnable written) {
        add(new Part(Collections.singleton(ByteBuffer.wrap(bytes)).iterator(), true, false, written));
    }

    /** Writes {@code buffers}, of which each is asked for when it can be written, and ends the response. */
    public void end(Iterator<ByteBuffer> buffers) {
        add(new Part(buffers, false, true, () -> {}));
    }

    private void add(Part part) {
        lock.lock();
        try {
            if (parts.isEmpty()) {
                partBegins();
            }
            parts.add(part);
        } finally {
            lock.unlock();
        }
        writeOn();
    }

    @Override
    public void onWritePossible() {
        lock.lock();
        try {
            open = true;
        } finally {
            lock.unlock();
        }
        writeOn();
    }

    private void writeOn() {
        for (Runnable next = writeSome(); next != null; next = writeSome()) {
            next.run(); // outside of the lock
        }
    }

    /** Writes what can be written now; returns what is to be done next, {@code null} if nothing. */
    private @Nullable Runnable writeSome() {
        lock.lock();
        try {
            while (open && !ended && !parts.isEmpty() && out.isReady()) {
                Part part = parts.element();
                if (!writeSome(part)) {
                    parts.remove();
                    partBegins();
                    return part.last() ? this::complete : part.written();
                }
            }
            watch();
        } catch (IOException | RuntimeException e) {
            return () -> onError(e);
        } finally {
            lock.unlock();
        }
        return null;
    }

    /** Writes one piece of {@code part}; {@code false} if all is written. */
    private boolean writeSome(Part part) throws IOException {
        if (current != null) {
            write(current);
        } else if (flush) {
            flush = false;
            out.flush();
        } else if (part.buffers().hasNext()) {
            current = part.buffers().next();
            flush = part.flushed();
        } else {
            return false;
        }
        return true;
    }

    private void partBegins() {
        partBytes = 0;
        partSinceNanos = System.nanoTime();
    }

    private void write(ByteBuffer buffer) throws IOException {
        int length = Math.min(LARGEST_WRITE, buffer.remaining());
        int from = buffer.arrayOffset() + buffer.position();
        if (buffer.array().length > LARGEST_WRITE) { // a connection may keep what it has written last
            out.write(Arrays.copyOfRange(buffer.array(), from, from + length), 0, length);
        } else {
            out.write(buffer.array(), from, length);
        }
        buffer.position(buffer.position() + length);
        current = buffer.hasRemaining() ? buffer : null;
        partBytes += length;
    }

    /** Has somebody look after a client that does not read, as long as there is something to write. */
    private void watch() {
        if (watch == null && !ended && !parts.isEmpty()) {
            watch = new CompletableFuture<Void>()
                    .completeOnTimeout(
                            null, Math.min(LONGEST_LOOK_MILLIS, patience.toMillis() / 2), TimeUnit.MILLISECONDS);
            CompletableFuture<?> unused = watch.thenRunAsync(this::look, executor);
        }
    }

    private void look() {
        boolean late;
        lock.lock();
        try {
            watch = null;
            long allowed = patience.toNanos() + partBytes * NANOS_PER_BYTE;
            late = !parts.isEmpty() && System.nanoTime() - partSinceNanos > allowed;
            if (!late) {
                watch();
            }
        } finally {
            lock.unlock();
        }
        if (late) {
            LOG.info("a client reads its response too slowly, and is given up");
            complete();
        }
    }

    /** Ends the response, as it is. */
    private void complete() {
        if (end()) {
            try {
                async.complete();
            } catch (IllegalStateException e) { // the container was faster: the client has gone, or the server stops
                LOG.debug("a response has ended already", e);
            }
            over.run();
        }
    }

    private boolean end() {
        lock.lock();
        try {
            boolean first = !ended;
            ended = true;
            parts.clear();
            current = null; // servers keep requests for a while, and what they refer to
            if (watch != null) {
                watch.cancel(false);
            }
            return first;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void onError(Throwable failure) {
        LOG.debug("a client has gone before it had its response", failure);
        complete();
    }
}
