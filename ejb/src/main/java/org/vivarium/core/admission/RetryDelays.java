package org.vivarium.core.admission;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Where calls wait before they are made again; closing it ends all waits at once. Thread safe. */
final class RetryDelays implements AutoCloseable {
    /** Those that are not over, each by a key of its own. */
    private final Map<Object, CompletableFuture<Void>> all = new ConcurrentHashMap<>();

    private volatile boolean closed;

    /** Returns what completes after {@code delay}. */
    CompletableFuture<Void> begin(Duration delay) {
        CompletableFuture<Void> pause = new CompletableFuture<>();
        Object key = new Object();
        all.put(key, pause);
        CompletableFuture<?> unused = pause.whenComplete((over, failure) -> all.remove(key));
        if (closed) {
            pause.complete(null); // whoever closes may have missed it
        }
        return pause.completeOnTimeout(null, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits for {@code delay}. */
    void await(Duration delay) throws InterruptedException {
        CompletableFuture<Void> pause = begin(delay);
        try {
            pause.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails a pause", e);
        } finally {
            pause.complete(null); // after an interrupt
        }
    }

    @Override
    public void close() {
        closed = true;
        all.values().forEach(pause -> pause.complete(null));
    }
}
