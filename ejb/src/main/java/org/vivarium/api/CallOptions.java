package org.vivarium.api;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How one call is to be made. Immutable; start from {@link #DEFAULT} and derive.
 *
 * @param timeout time from now until the caller's deadline, covering the wait for a worker and the execution;
 *     {@code null} for the pool's {@code OperationTimeoutMillis}; at least 1 ms
 * @param priority calls of a higher priority leave the queue first; 0 by default, from -100 to 100
 * @param key what the call counts for under {@code PerKeyLimit}, such as a project; {@code null} for none; at most 200
 *     characters
 * @param idempotent whether the program may be run again after a failure that a retry may help; {@code null} for what
 *     the program itself declares
 * @param progress hears how far the call is; {@code null} for nobody
 * @param context what identifies the call in logs, in telemetry and inside the program
 */
public record CallOptions(
        @Nullable Duration timeout,
        int priority,
        @Nullable String key,
        @Nullable Boolean idempotent,
        @Nullable ProgressListener progress,
        CallContext context) {
    /** The pool's own timeout, priority 0, no key, no context. */
    public static final CallOptions DEFAULT = new CallOptions(null, 0, CallContext.NONE);

    /** The highest priority; the lowest is its negative. */
    public static final int HIGHEST_PRIORITY = 100;

    private static final int LONGEST_KEY = 200;

    /** Checks all values. */
    public CallOptions {
        requireNonNull(context, "context");
        if (timeout != null && timeout.toMillis() < 1) {
            throw new IllegalArgumentException("timeout must be at least 1 ms, was " + timeout);
        }
        if (Math.abs(priority) > HIGHEST_PRIORITY) {
            throw new IllegalArgumentException("priority must be from -100 to 100, was " + priority);
        }
        if (key != null && (key.isEmpty() || key.length() > LONGEST_KEY)) {
            throw new IllegalArgumentException("key must have 1 to 200 characters, has " + key.length());
        }
    }

    /** Options without key, idempotency and progress. */
    public CallOptions(@Nullable Duration timeout, int priority, CallContext context) {
        this(timeout, priority, null, null, null, context);
    }

    /** Returns these options with the caller's deadline {@code timeout} from the moment of the call. */
    public CallOptions withTimeout(Duration timeout) {
        return new CallOptions(timeout, priority, key, idempotent, progress, context);
    }

    /** Returns these options with another priority, from -100 to 100. */
    public CallOptions withPriority(int priority) {
        return new CallOptions(timeout, priority, key, idempotent, progress, context);
    }

    /** Returns these options with a key under which calls are limited. */
    public CallOptions withKey(String key) {
        return new CallOptions(timeout, priority, key, idempotent, progress, context);
    }

    /** Returns these options with a statement of whether the program may be run twice. */
    public CallOptions withIdempotent(boolean idempotent) {
        return new CallOptions(timeout, priority, key, idempotent, progress, context);
    }

    /** Returns these options with a listener of the program's progress. */
    public CallOptions withProgress(ProgressListener progress) {
        return new CallOptions(timeout, priority, key, idempotent, progress, context);
    }

    /** Returns these options with another context. */
    public CallOptions withContext(CallContext context) {
        return new CallOptions(timeout, priority, key, idempotent, progress, context);
    }
}
