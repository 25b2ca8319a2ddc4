package org.vivarium.api.event;

import org.vivarium.api.WorkerState;

/** A worker changed its state; READY and BUSY alternations are told by {@link CallEnded} instead. */
public record WorkerTransitioned(
        String pool, String worker, WorkerState from, WorkerState to, String reason, long nanosInFrom)
        implements PoolEvent {
    @Override
    public String name() {
        return "worker.transition";
    }
}
