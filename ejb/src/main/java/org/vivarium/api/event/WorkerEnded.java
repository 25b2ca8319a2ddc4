package org.vivarium.api.event;

/**
 * A worker's process is gone.
 *
 * @param expected whether the service had terminated it
 * @param how the exit status in words, such as {@code killed by signal 9}
 */
public record WorkerEnded(String pool, String worker, long pid, boolean expected, String how) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.WORKER_TERMINATE;
    }
}
