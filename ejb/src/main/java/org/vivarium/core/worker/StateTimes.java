package org.vivarium.core.worker;

import org.vivarium.api.WorkerState;

/**
 * How long workers have been in each state, and how many of these stays have ended. Immutable.
 *
 * <p>The stay that goes on counts, but none in TERMINATED, which has no end.
 */
@SuppressWarnings("EnumOrdinal") // places in an array that is never stored
public final class StateTimes {
    /** Nobody has been anywhere. */
    public static final StateTimes NONE = new StateTimes(new long[StateClock.STATES], new long[StateClock.STATES]);

    private final long[] nanos;
    private final long[] stays;

    StateTimes(long[] nanos, long[] stays) {
        this.nanos = nanos;
        this.stays = stays;
    }

    /** Returns the time in {@code state}, by the monotonic clock. */
    public long nanos(WorkerState state) {
        return nanos[state.ordinal()];
    }

    /** Returns how many stays in {@code state} have ended. */
    public long stays(WorkerState state) {
        return stays[state.ordinal()];
    }

    /** Returns the sum of both. */
    public StateTimes plus(StateTimes other) {
        return new StateTimes(sum(nanos, other.nanos), sum(stays, other.stays));
    }

    private static long[] sum(long[] some, long[] others) {
        long[] sum = some.clone();
        for (int i = 0; i < sum.length; i++) {
            sum[i] += others[i];
        }
        return sum;
    }
}
