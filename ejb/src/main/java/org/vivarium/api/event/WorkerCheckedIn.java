package org.vivarium.api.event;

/** A worker has finished a call and can take another. */
public record WorkerCheckedIn(String pool, String worker) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.WORKER_CHECKIN;
    }
}
