package org.vivarium.api.event;

/** A pool begins to start its workers; {@code lazy} ones with the first call. */
public record PoolStarted(String pool, int workers, boolean lazy) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.POOL_INIT;
    }
}
