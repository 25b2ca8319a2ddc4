package org.vivarium.api.event;

/** How many callers wait, and how long the first of them has. */
public record PoolQueued(String pool, int waiting, double oldestWaitMillis) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.POOL_QUEUE_DEPTH;
    }
}
