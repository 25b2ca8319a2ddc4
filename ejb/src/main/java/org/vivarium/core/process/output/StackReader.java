package org.vivarium.core.process.output;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.process.control.Receiver;

/**
 * Collects thread dumps. A form feed closes one as soon as the process runs Python code in its main thread; if it does
 * not, a pause is taken for the end. Thread safe.
 */
public final class StackReader implements Receiver {
    private static final byte END = '\f';
    private static final long PAUSE_MILLIS = 20;

    private final Executor afterPause;
    private final ByteArrayOutputStream text = new ByteArrayOutputStream();
    private @Nullable CompletableFuture<String> waiting;
    private boolean watching;
    private long reads;

    public StackReader() {
        // no shared pool, which may be full
        this(CompletableFuture.delayedExecutor(PAUSE_MILLIS, TimeUnit.MILLISECONDS, Runnable::run));
    }

    /** Looks whether more of a dump has come by tasks of {@code afterPause}, which runs each after a pause. */
    StackReader(Executor afterPause) {
        this.afterPause = afterPause;
    }

    /** Returns the next dump; callers that ask before it has come share it. */
    public synchronized CompletableFuture<String> next() {
        CompletableFuture<String> dump = waiting;
        if (dump == null) {
            dump = new CompletableFuture<>();
            waiting = dump;
        }
        return dump;
    }

    /** Returns whether somebody waits for the next dump. */
    public synchronized boolean isAwaited() {
        return waiting != null;
    }

    @Override
    public synchronized void bytes(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == END) {
                complete(); // nothing, if a pause was taken for the end before
            } else {
                text.write(next);
            }
        }
        reads++;
        if (!watching && text.size() > 0) {
            watch();
        }
    }

    private void watch() {
        watching = true;
        long seen = reads;
        afterPause.execute(() -> completeUnlessMoreThan(seen));
    }

    private synchronized void completeUnlessMoreThan(long seen) {
        watching = false;
        if (reads == seen) {
            complete();
        } else if (text.size() > 0) {
            watch();
        }
    }

    private void complete() {
        if (text.size() == 0) {
            return;
        }
        String dump = StackText.withoutOrigin(text.toString(UTF_8)).strip() + '\n';
        text.reset();
        CompletableFuture<String> waiter = waiting;
        waiting = null;
        if (waiter != null) {
            waiter.complete(dump);
        }
    }

    @Override
    public synchronized void closed(String reason) {
        complete();
        CompletableFuture<String> waiter = waiting;
        waiting = null;
        if (waiter != null) {
            waiter.completeExceptionally(new IllegalStateException(reason));
        }
    }
}
