package org.vivarium.api.view;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.OneOf;

/**
 * One call that waits or runs.
 *
 * @param id names it for {@link org.vivarium.api.operation.PoolOperations#cancel}; unique in this server
 * @param state {@value #WAITING}, for its turn, a permit, a retry or a worker, or {@value #RUNNING}
 * @param worker name; empty while it waits
 * @param session its session; {@code null} for none
 * @param key what it counts for under {@code PerKeyLimit}; {@code null} for none
 * @param correlationId what the caller gave to find it again; {@code null} for nothing
 * @param totalMillis how long ago the caller made it
 * @param runningMillis how long the worker has had it
 * @param remainingMillis until its deadline; not above 0 if that has passed
 * @param progress what the program reported last, from 0 to 1; NaN if it reported nothing, or nobody listens
 */
public record CallView(
        String id,
        @OneOf({CallView.WAITING, CallView.RUNNING}) String state,
        String program,
        String worker,
        @Nullable String session,
        @Nullable String key,
        @Nullable String correlationId,
        double totalMillis,
        double runningMillis,
        double remainingMillis,
        double progress) {
    /** The state of a call that no worker has. */
    public static final String WAITING = "WAITING";

    /** The state of a call that a worker has. */
    public static final String RUNNING = "RUNNING";
}
