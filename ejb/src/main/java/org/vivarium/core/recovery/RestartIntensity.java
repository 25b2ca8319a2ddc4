package org.vivarium.core.recovery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** Counts the crashes of the last while, to tell a crash loop from bad luck. Not thread safe: belongs to one pool. */
public final class RestartIntensity {
    private final Deque<Long> crashes = new ArrayDeque<>();

    /** Records a crash at {@code nowNanos} and returns how many the last {@code window} has seen. */
    public int countAfter(long nowNanos, Duration window) {
        crashes.addLast(nowNanos);
        while (nowNanos - crashes.getFirst() > window.toNanos()) {
            crashes.removeFirst();
        }
        return crashes.size();
    }
}
