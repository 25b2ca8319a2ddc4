package org.vivarium.api.event;

/** A worker has ended a call and can have another. */
public record WorkerCheckedIn(String pool, String worker) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.WORKER_CHECKIN;
    }
}
