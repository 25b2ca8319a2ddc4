package org.vivarium.core.breaker;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the calls fails, in a window that begins with a failure: while nothing fails, a success costs one
 * volatile read. Thread safe; calls that end while a window begins may count in the one before it.
 */
final class FailureWindow {
    private volatile @Nullable Counts counts;

    /** Counts a call that succeeded. */
    void succeeded() {
        Counts current = counts;
        if (current != null) {
            current.succeeded.increment();
        }
    }

    /** Counts a call that failed; returns whether so many calls have ended in the window, and half of them failed. */
    synchronized boolean failed(long nowNanos, BreakerLimits limits) {
        Counts current = counts;
        if (current == null || nowNanos - current.sinceNanos >= limits.windowNanos()) {
            current = new Counts(nowNanos);
            counts = current;
        }
        current.failed++;
        long all = current.failed + current.succeeded.sum();
        boolean opens = limits.calls() > 0 && all >= limits.calls() && current.failed * 2 >= all;
        if (opens) {
            counts = null;
        }
        return opens;
    }

    /** The counts of one window. */
    private static final class Counts {
        private final LongAdder succeeded = new LongAdder();
        private final long sinceNanos;
        private long failed; // guarded by the window

        Counts(long sinceNanos) {
            this.sinceNanos = sinceNanos;
        }
    }
}
