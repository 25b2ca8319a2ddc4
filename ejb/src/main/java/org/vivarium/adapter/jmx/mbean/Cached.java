package org.vivarium.adapter.jmx.mbean;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.time.Ticker;

/**
 * Keeps a value for a short time, so that attributes read one after another come from the same snapshot. Thread safe.
 */
public final class Cached<T> {
    private final Supplier<T> source;
    private final Ticker ticker;
    private final long keptNanos;
    private volatile @Nullable Held<T> held;

    public Cached(Supplier<T> source, Ticker ticker, Duration kept) {
        this.source = source;
        this.ticker = ticker;
        this.keptNanos = kept.toNanos();
    }

    /** Returns the value, at most as old as the cache keeps it. */
    public T get() {
        Held<T> last = held;
        long now = ticker.nanos();
        if (last != null && now - last.since < keptNanos) {
            return last.value;
        }
        Held<T> fresh = new Held<>(source.get(), now);
        held = fresh;
        return fresh.value;
    }

    /** Makes the next read take a new snapshot, because something was just changed. */
    public void forget() {
        held = null;
    }

    private record Held<T>(T value, long since) {}
}
