package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;

/**
 * The circuit breaker of a program has opened, lets calls probe, or has closed.
 *
 * @param state {@code OPEN}, {@code HALF_OPEN} or {@code CLOSED}
 * @param failures of the program in a row
 * @param by who changed it; {@code null} if calls did
 */
public record BreakerChanged(
        String pool,
        String program,
        String state,
        int failures,
        @Nullable String by) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.BREAKER_CHANGED;
    }
}
