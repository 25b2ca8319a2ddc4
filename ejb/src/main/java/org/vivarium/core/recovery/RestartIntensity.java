package org.vivarium.core.recovery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Tells a crash loop from bad luck: more than {@code limit} unexpected ends within {@code window}. Not thread safe:
 * belongs to one pool's supervisor.
 */
public final class RestartIntensity {
    private final Deque<Long> ends = new ArrayDeque<>();

    /** Records an end at {@code nowNanos} and returns whether there were too many now. */
    public boolean tooManyAfter(long nowNanos, int limit, Duration window) {
        ends.addLast(nowNanos);
        while (nowNanos - ends.getFirst() > window.toNanos()) {
            ends.removeFirst();
        }
        return ends.size() > limit;
    }

    /** Forgets everything, as after the pause that a crash loop earns. */
    public void reset() {
        ends.clear();
    }
}
