package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;

/**
 * An operation that takes some time has begun, ended, or failed.
 *
 * @param worker {@code null} if it concerns a whole pool
 * @param nanos how long it took; 0 at its beginning
 * @param problem why it failed; {@code null} if it did not
 */
public record SpanEvent(
        EventType type,
        String pool,
        @Nullable String worker,
        long nanos,
        @Nullable String problem) implements PoolEvent {}
