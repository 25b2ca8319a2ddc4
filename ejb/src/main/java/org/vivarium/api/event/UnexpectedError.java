package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;

/** The service itself failed at something. */
public record UnexpectedError(String pool, @Nullable String worker, String problem) implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.ERROR_UNEXPECTED;
    }
}
