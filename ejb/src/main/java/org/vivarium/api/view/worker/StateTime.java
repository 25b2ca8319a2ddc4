package org.vivarium.api.view.worker;

import org.vivarium.api.WorkerState;

/**
 * The time that workers have spent in one state.
 *
 * @param seconds of all workers together, by a monotonic clock, stays that go on included
 * @param stays how many stays have ended; the longer ones of {@code DEGRADED}, {@code DRAINING} and {@code TERMINATING}
 *     have percentiles besides
 */
public record StateTime(WorkerState state, double seconds, long stays) {
    /** Returns the larger of both, number by number. */
    StateTime notBefore(StateTime earlier) {
        return new StateTime(state, Math.max(seconds, earlier.seconds), Math.max(stays, earlier.stays));
    }
}
