package org.vivarium.api;

import org.jspecify.annotations.Nullable;

/**
 * Where and when a call failed.
 *
 * @param worker the worker that had the call; {@code null} if it never reached one
 * @param waitMillis time spent waiting for a worker
 * @param executionMillis time since the call was given to a worker; 0 if it never was
 * @param attempt 1 for the first execution
 */
public record ErrorContext(
        String pool,
        @Nullable String worker,
        @Nullable String program,
        @Nullable String session,
        @Nullable String correlationId,
        double waitMillis,
        double executionMillis,
        int attempt) {
    /** Returns the context of a failure that concerns no call. */
    public static ErrorContext of(String pool) {
        return of(pool, null);
    }

    /** Returns the context of a failure before anything about the call is known but its pool and program. */
    public static ErrorContext of(String pool, @Nullable String program) {
        return new ErrorContext(pool, null, program, null, null, 0, 0, 1);
    }
}
