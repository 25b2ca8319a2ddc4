package org.vivarium.api.event;

/**
 * Calls were refused because the queue was full.
 *
 * @param refused how many since the last time
 * @param waiting how many wait now
 */
public record PoolExhausted(String pool, long refused, int waiting) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.POOL_EXHAUSTED;
    }
}
