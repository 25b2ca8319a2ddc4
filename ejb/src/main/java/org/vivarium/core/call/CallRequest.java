package org.vivarium.core.call;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;

/**
 * What a caller asked for and until when, which nothing changes. Times are readings of the pool's ticker, in
 * nanoseconds.
 *
 * @param ownTimeoutNanos the deadline of the program, or of the pool if it has none, whatever the caller wants
 * @param checkoutTimeoutNanos how long one attempt may wait for a slot
 */
public record CallRequest(
        String pool,
        String program,
        CallOptions options,
        long startedNanos,
        long deadlineNanos,
        long ownTimeoutNanos,
        long checkoutTimeoutNanos) {

    /** Returns what identifies the call. */
    public CallContext context() {
        return options.context();
    }

    /** Returns the priority; higher ones are served first. */
    public int priority() {
        return options.priority();
    }

    /** Returns the limit key; {@code null} for none. */
    public @Nullable String key() {
        return options.key();
    }

    /** Returns the session that the caller named; {@code null} for none. */
    public @Nullable String sessionId() {
        return options.context().session();
    }

    /** Returns how long the call may take from its start to its end, all attempts and waits together. */
    long timeoutMillis() {
        return (deadlineNanos - startedNanos) / 1_000_000;
    }
}
