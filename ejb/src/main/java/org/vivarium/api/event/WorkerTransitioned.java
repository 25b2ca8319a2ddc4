package org.vivarium.api.event;

import org.vivarium.api.WorkerState;

/**
 * A worker changed its state; READY and BUSY alternations are {@link WorkerCheckedOut} and {@link WorkerCheckedIn}
 * instead.
 */
public record WorkerTransitioned(
        String pool, String worker, WorkerState from, WorkerState to, String reason, long nanosInFrom)
        implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.WORKER_TRANSITION;
    }
}
