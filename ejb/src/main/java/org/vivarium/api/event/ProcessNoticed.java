package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.ProcessRole;

/**
 * Something is odd about a process. Told once, and again only if it had been well in between.
 *
 * @param pool the pool of its worker; empty if it belongs to none or none is known
 * @param worker the worker that it is, or that has started it; {@code null} if it belongs to none or none is known
 * @param parent the id of its parent now
 * @param growthBytesPerMinute the trend of its resident memory; {@code null} if it is too young for one
 */
public record ProcessNoticed(
        EventType type,
        String pool,
        @Nullable String worker,
        long pid,
        long parent,
        ProcessRole role,
        long rssBytes,
        @Nullable Double growthBytesPerMinute)
        implements PoolEvent {}
