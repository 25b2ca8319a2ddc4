package org.vivarium.core.monitor;

import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Complains while a counter of losses grows, and for some looks after that. For one thread. */
final class Growth implements Supplier<String> {
    private static final int LOOKS = 6;

    private final LongSupplier counter;
    private final LongFunction<String> words;
    private long last;
    private long lost;
    private int left;

    /** Takes the counter, and what is said about how many were lost since the complaint began. */
    Growth(LongSupplier counter, LongFunction<String> words) {
        this.counter = counter;
        this.words = words;
        this.last = counter.getAsLong();
    }

    @Override
    public String get() {
        long now = counter.getAsLong();
        left = now > last ? LOOKS : Math.max(0, left - 1);
        lost = left == 0 ? 0 : lost + Math.max(0, now - last);
        last = now;
        return left == 0 ? "" : words.apply(lost);
    }
}
