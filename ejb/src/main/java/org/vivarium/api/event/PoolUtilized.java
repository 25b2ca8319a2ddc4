package org.vivarium.api.event;

/**
 * How busy the workers that serve are.
 *
 * @param busy workers with at least one call
 * @param ready workers that serve
 * @param busySlots slots that have a call
 * @param slots slots of the workers that serve
 * @param utilization busy slots by slots; NaN without any
 */
public record PoolUtilized(String pool, int busy, int ready, int busySlots, int slots, double utilization)
        implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.POOL_UTILIZATION;
    }
}
