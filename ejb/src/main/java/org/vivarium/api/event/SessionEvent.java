package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;

/**
 * A session was bound, a call of it was given a worker, or it was forgotten.
 *
 * @param worker the worker of the call, which for {@code session.miss} is not the one that the session is bound to;
 *     {@code null} for {@code session.expired}
 * @param context what identifies the call; only the session for {@code session.expired}
 */
public record SessionEvent(
        EventType type, String pool, @Nullable String worker, CallContext context) implements PoolEvent {}
