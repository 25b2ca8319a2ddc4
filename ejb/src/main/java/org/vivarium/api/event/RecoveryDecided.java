package org.vivarium.api.event;

/**
 * A worker failed, and it was decided what to do about it.
 *
 * @param failure what happened, such as {@code PROCESS_EXITED}
 * @param decision what is done, such as {@code REPLACE_NOW}
 * @param delayNanos how long until the next step; 0 if it is taken at once
 * @param reason a sentence
 */
public record RecoveryDecided(
        String pool, String worker, String failure, String decision, long delayNanos, String reason)
        implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.RECOVERY_DECIDED;
    }
}
