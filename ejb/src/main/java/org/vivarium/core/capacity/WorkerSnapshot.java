package org.vivarium.core.capacity;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.WorkerState;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * One worker as the planning of capacity sees it: a snapshot, because its state changes under the planner's eyes.
 *
 * @param inService whether callers are given its slots
 * @param leaving why it is to be replaced; {@code null} if it stays
 */
public record WorkerSnapshot(
        Worker worker,
        WorkerState state,
        boolean inService,
        @Nullable TransitionReason leaving) {

    /** Returns whether it takes calls now. */
    public boolean isAble() {
        return inService && (state == WorkerState.READY || state == WorkerState.BUSY);
    }

    /** Returns whether it counts for the size of the pool, even if it is ill. */
    public boolean isActive() {
        return isAble() || (inService && state == WorkerState.DEGRADED);
    }

    public boolean isSpare() {
        return !inService && state == WorkerState.READY;
    }

    boolean isStarting() {
        return state == WorkerState.INITIALIZING;
    }

    boolean isDraining() {
        return state == WorkerState.DRAINING;
    }
}
