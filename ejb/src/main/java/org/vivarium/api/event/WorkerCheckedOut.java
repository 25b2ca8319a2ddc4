package org.vivarium.api.event;

import org.vivarium.api.CallContext;

/** A worker was given a call. */
public record WorkerCheckedOut(String pool, String worker, String program, CallContext context) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.WORKER_CHECKOUT;
    }
}
