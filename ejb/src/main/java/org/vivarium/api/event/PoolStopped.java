package org.vivarium.api.event;

/** A pool no longer takes calls and ends its workers. */
public record PoolStopped(String pool) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.POOL_TERMINATE;
    }
}
