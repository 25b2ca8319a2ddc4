package org.vivarium.core.admission;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Where calls wait before they are retried; closing it ends all waits at once. Thread safe. */
final class RetryDelays implements AutoCloseable {
    private final ScheduledExecutorService timer;

    /** Those that are not over, each by a key of its own. */
    private final Map<Object, CompletableFuture<Void>> pending = new ConcurrentHashMap<>();

    private volatile boolean closed;

    RetryDelays(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** Returns what completes after {@code delay}, on the thread of the timer; cancelling it ends the wait. */
    CompletableFuture<Void> begin(Duration delay) {
        CompletableFuture<Void> pause = new CompletableFuture<>();
        Object key = new Object();
        pending.put(key, pause);
        if (closed) {
            pause.complete(null); // whoever closes may have missed it
        }
        Future<?> end = schedule(pause, delay);
        CompletableFuture<?> unused = pause.whenComplete((over, failure) -> {
            pending.remove(key);
            end.cancel(false);
        });
        return pause;
    }

    private Future<?> schedule(CompletableFuture<Void> pause, Duration delay) {
        try {
            return timer.schedule(() -> pause.complete(null), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) { // the service is stopping, and the call gets that failure
            pause.complete(null);
            return pause;
        }
    }

    @Override
    public void close() {
        closed = true;
        pending.values().forEach(pause -> pause.complete(null));
    }
}
