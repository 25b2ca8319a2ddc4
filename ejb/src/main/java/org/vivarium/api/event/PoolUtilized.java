package org.vivarium.api.event;

/** How many of the workers that serve are busy, and their part of all. */
public record PoolUtilized(String pool, int busy, int ready, double utilization) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.POOL_UTILIZATION;
    }
}
