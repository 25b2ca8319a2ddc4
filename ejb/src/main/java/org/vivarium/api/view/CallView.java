package org.vivarium.api.view;

import org.jspecify.annotations.Nullable;

/**
 * One call in progress.
 *
 * @param id names it for {@link org.vivarium.api.operation.PoolOperations#cancel}; unique in this server
 * @param worker name
 * @param session its session; {@code null} for none
 * @param key what it counts for under {@code PerKeyLimit}; {@code null} for none
 * @param correlationId what the caller gave to find it again; {@code null} for nothing
 * @param runningMillis how long the worker has had it
 * @param remainingMillis until its deadline; not above 0 if that has passed
 * @param progress what the program reported last, from 0 to 1; NaN if it reported nothing, or nobody listens
 */
public record CallView(
        String id,
        String program,
        String worker,
        @Nullable String session,
        @Nullable String key,
        @Nullable String correlationId,
        double runningMillis,
        double remainingMillis,
        double progress) {}
