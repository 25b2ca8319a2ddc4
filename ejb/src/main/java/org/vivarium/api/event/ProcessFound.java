package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;

/**
 * A process below ours is in a state that somebody should know of.
 *
 * @param pool empty if it belongs to no worker
 * @param worker the worker that it is or belongs to; {@code null} if none is known
 * @param role as in {@code GET /resources}
 */
public record ProcessFound(
        EventType type, String pool, @Nullable String worker, long pid, long parent, String role)
        implements PoolEvent {}
