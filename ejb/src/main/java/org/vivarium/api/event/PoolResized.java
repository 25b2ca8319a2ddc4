package org.vivarium.api.event;

/** The number of workers that a pool keeps was changed. */
public record PoolResized(String pool, int from, int to, String by) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.POOL_RESIZED;
    }
}
