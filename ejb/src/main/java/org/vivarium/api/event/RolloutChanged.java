package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;

/**
 * A rolling restart progressed, ended, or was rolled back.
 *
 * @param state {@code PROVING}, {@code REPLACING}, {@code DONE}, {@code ROLLING_BACK} or {@code ROLLED_BACK}
 * @param generation the generation that it brings
 * @param detail why it was given up, or what an operator should know; {@code null} if there is nothing to say
 */
public record RolloutChanged(
        String pool,
        int generation,
        String state,
        String by,
        @Nullable String detail) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.POOL_ROLLOUT;
    }
}
