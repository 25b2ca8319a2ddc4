package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.ErrorCategory;

/**
 * A call ended, well or not.
 *
 * @param worker the worker that had it; {@code null} if it never reached one
 * @param key what it counts for under {@code PerKeyLimit}, such as a project; {@code null} if nothing
 * @param waitNanos how long it waited for workers, in all attempts, without the pauses between them
 * @param executionNanos from having a worker to the result, in the last try; 0 if it had none
 * @param totalNanos from the call to its end: all attempts, and the pauses between them
 * @param attempts how often it was tried, 1 or more
 * @param outcome how it ended
 * @param failure {@code null} if it went well
 * @param errorType as in {@link org.vivarium.api.ErrorDetails#type()}; {@code null} if it went well
 * @param context what identifies the call
 */
public record CallEnded(
        String pool,
        @Nullable String worker,
        String program,
        @Nullable String key,
        long waitNanos,
        long executionNanos,
        long totalNanos,
        int attempts,
        CallOutcome outcome,
        @Nullable ErrorCategory failure,
        @Nullable String errorType,
        CallContext context)
        implements PoolEvent {
    /** A call that was tried once, of which nothing more is known. */
    public CallEnded(
            String pool,
            @Nullable String worker,
            String program,
            long waitNanos,
            long executionNanos,
            @Nullable ErrorCategory failure,
            @Nullable String errorType) {
        this(
                pool,
                worker,
                program,
                null,
                waitNanos,
                executionNanos,
                waitNanos + executionNanos,
                1,
                CallOutcome.of(failure, errorType),
                failure,
                errorType,
                CallContext.NONE);
    }

    @Override
    public EventType type() {
        return failure == null ? EventType.CALL_STOP : EventType.CALL_EXCEPTION;
    }
}
