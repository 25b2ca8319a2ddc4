package org.vivarium.core.time;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: {@code base · 2^(failures-1)}, at most {@code cap}, then ±25 % at random so
 * that many who failed together do not return together.
 *
 * @param random yields numbers in [0, 1)
 */
public record Backoff(Duration base, Duration cap, DoubleSupplier random) {
    private static final double JITTER = 0.25;
    private static final int LARGEST_SHIFT = 30;

    /** Returns the wait after {@code failures} failures in a row, at least 1. */
    public Duration after(int failures) {
        int shift = Math.min(Math.max(failures, 1) - 1, LARGEST_SHIFT);
        double millis = Math.min((double) base.toMillis() * (1L << shift), (double) cap.toMillis());
        double factor = 1 - JITTER + 2 * JITTER * random.getAsDouble();
        return Duration.ofMillis(Math.round(millis * factor));
    }
}
