package org.vivarium.core.metrics.windows;

import java.util.ArrayDeque;
import java.util.Deque;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.worker.WorkerActivity;

/**
 * What the counters of a pool said at the first sample in each of the last time slices, to tell how they rose in a
 * window.
 */
public final class CounterRing {
    private final Deque<Counted> counted = new ArrayDeque<>(); // newest first

    /** Begins with what was there at {@code slot}. */
    public CounterRing(Counted first) {
        counted.add(first);
    }

    /** Notes what the counters say. */
    public void note(Counted now) {
        if (now.slot > counted.getFirst().slot) {
            counted.addFirst(now);
        }
        while (counted.size() > TimeSlice.KEPT + 1) {
            counted.removeLast();
        }
    }

    /** Returns what they said at the beginning of the slot {@code first}, or the next time somebody looked. */
    public Counted at(long first) {
        Counted best = counted.getFirst();
        for (Counted each : counted) {
            if (each.slot < first) {
                break;
            }
            best = each;
        }
        return best;
    }

    /**
     * Some counters.
     *
     * @param slot when they were read
     * @param hits of sessions
     * @param misses of sessions
     */
    public record Counted(long slot, PoolTotals totals, long hits, long misses, WorkerActivity activity) {
        /** Returns what counters that begin at 0 say before they have counted anything. */
        public static Counted nothing() {
            return new Counted(0, PoolTotals.NONE, 0, 0, WorkerActivity.NONE);
        }
    }
}
