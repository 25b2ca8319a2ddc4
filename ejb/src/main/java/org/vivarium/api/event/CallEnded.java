package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.ErrorCategory;

/**
 * A call ended, well or not.
 *
 * @param worker the worker that had it; {@code null} if it never reached one
 * @param waitNanos from the call to the moment it had a worker, or gave up
 * @param executionNanos from having a worker to the result; 0 if it never had one
 * @param failure {@code null} if it went well
 * @param errorType as in {@link org.vivarium.api.ErrorDetails#type()}; {@code null} if it went well
 * @param context what identifies the call
 */
public record CallEnded(
        String pool,
        @Nullable String worker,
        String program,
        long waitNanos,
        long executionNanos,
        @Nullable ErrorCategory failure,
        @Nullable String errorType,
        CallContext context)
        implements PoolEvent {
    /** A call of which nothing more is known. */
    public CallEnded(
            String pool,
            @Nullable String worker,
            String program,
            long waitNanos,
            long executionNanos,
            @Nullable ErrorCategory failure,
            @Nullable String errorType) {
        this(pool, worker, program, waitNanos, executionNanos, failure, errorType, CallContext.NONE);
    }

    @Override
    public EventType type() {
        return failure == null ? EventType.CALL_STOP : EventType.CALL_EXCEPTION;
    }
}
