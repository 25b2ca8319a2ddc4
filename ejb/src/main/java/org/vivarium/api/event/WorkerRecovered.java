package org.vivarium.api.event;

/** A worker serves in the place of one that was lost {@code nanos} ago. */
public record WorkerRecovered(String pool, String worker, long nanos) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.WORKER_RECOVERY;
    }
}
