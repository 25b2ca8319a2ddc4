package org.vivarium.core.worker;

import java.time.Duration;
import java.time.Instant;
import org.vivarium.api.WorkerId;
import org.vivarium.api.WorkerState;

/**
 * One completed change of state of one worker.
 *
 * @param nanosInFrom how long it was in {@code from}, by the monotonic clock
 * @param at wall-clock time, for people
 * @param detail what else is known, such as an exit status; empty if nothing
 */
public record Transition(
        WorkerId worker,
        WorkerState from,
        WorkerState to,
        TransitionReason reason,
        long nanosInFrom,
        Instant at,
        String detail) {
    /** Returns how long it was in {@code from}. */
    public Duration timeInFrom() {
        return Duration.ofNanos(nanosInFrom); // made when asked for: two transitions of each call are seldom read
    }

    /** Returns whether a call came or went, rather than the worker's life having changed. */
    public boolean isOccupancy() {
        return reason == TransitionReason.CHECKED_OUT || reason == TransitionReason.CHECKED_IN;
    }
}
