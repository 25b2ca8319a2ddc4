package org.vivarium.api.event;

/**
 * A program is isolated because it killed workers, or is not any more.
 *
 * @param isolated whether it is isolated from now on
 * @param kills workers that it had killed within the window of isolation
 * @param reason why, as the end of a sentence
 */
public record IsolationChanged(String pool, String program, boolean isolated, int kills, String reason)
        implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.ISOLATION_CHANGED;
    }
}
