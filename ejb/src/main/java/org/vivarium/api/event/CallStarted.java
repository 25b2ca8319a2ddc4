package org.vivarium.api.event;

import org.vivarium.api.CallContext;

/** A call has come to the pool. */
public record CallStarted(String pool, String program, CallContext context) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.CALL_START;
    }
}
