package org.vivarium.adapter.jmx.mbean;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One immutable picture of something, taken when it is asked for and kept for a moment. Thread safe. */
public final class Cached<T> {
    private final Supplier<T> source;
    private final Pictures pictures;
    private final AtomicLong changes = new AtomicLong();

    @SuppressWarnings("ThreadLocalUsage") // one for each picture, removed after each use
    private final ThreadLocal<@Nullable T> frozen = new ThreadLocal<>();

    private volatile @Nullable Held<T> held;

    Cached(Supplier<T> source, Pictures pictures) {
        this.source = source;
        this.pictures = pictures;
    }

    /** Returns the picture. */
    public T get() {
        T fixed = frozen.get();
        return fixed == null ? fresh() : fixed;
    }

    private T fresh() {
        Held<T> last = held;
        long now = pictures.ticker().nanos();
        long change = changes.get(); // before the look: what is forgotten meanwhile is not kept
        if (last != null
                && last.change == change
                && now - last.since < pictures.kept().get().toNanos()) {
            return last.value;
        }
        Held<T> taken = new Held<>(source.get(), now, change);
        held = taken;
        return taken.value;
    }

    /** Has all that {@code reading} reads on this thread come from the same picture, however long it takes. */
    <R> R frozen(Supplier<R> reading) {
        T before = frozen.get();
        frozen.set(get());
        try {
            return reading.get();
        } finally {
            if (before == null) {
                frozen.remove();
            }
        }
    }

    /** Makes the next read take a new picture, because something was just changed. */
    public void forget() {
        changes.incrementAndGet();
    }

    private record Held<T>(T value, long since, long change) {}
}
