package org.vivarium.core.worker;

import java.util.concurrent.atomic.AtomicLongArray;
import org.vivarium.api.WorkerState;

/**
 * Adds up how long one worker was in each state. Two additions for each change of state, no clock and no garbage,
 * because two changes are on the way of each call. Thread safe.
 */
@SuppressWarnings("EnumOrdinal") // places in an array that is never stored
final class StateClock {
    static final int STATES = WorkerState.values().length;

    /** For each state the nanoseconds of the stays that ended, and after all of these for each how many they were. */
    private final AtomicLongArray sums = new AtomicLongArray(2 * STATES);

    /** Notes that a stay in {@code state} has ended. */
    void left(WorkerState state, long nanos) {
        sums.getAndAdd(state.ordinal(), nanos);
        sums.getAndIncrement(STATES + state.ordinal());
    }

    /** Returns all sums, with {@code current}, in which the worker has been for {@code openNanos}. */
    StateTimes times(WorkerState current, long openNanos) {
        long[] nanos = new long[STATES];
        long[] stays = new long[STATES];
        for (int i = 0; i < STATES; i++) {
            nanos[i] = sums.get(i);
            stays[i] = sums.get(STATES + i);
        }
        if (current != WorkerState.TERMINATED) {
            nanos[current.ordinal()] += openNanos;
        }
        return new StateTimes(nanos, stays);
    }
}
