package org.vivarium.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * A call of a Python program that failed. Sealed: switch over its kinds, or over {@link #category()}.
 *
 * <p>The message says what was attempted, on which pool and worker, the limit and the actual value; {@link #details()}
 * holds the same as data.
 */
public abstract sealed class PythonException extends RuntimeException
        permits CallTimeoutException,
                PoolResourceException,
                WorkerLostException,
                PoolSystemException,
                ProgramException,
                InvalidCallException,
                SessionException,
                WorkerProtocolException {
    private static final long serialVersionUID = 1;

    private final transient ErrorDetails details;

    PythonException(ErrorDetails details, @Nullable Throwable cause) {
        super(requireNonNull(details, "details").message(), cause);
        this.details = details;
    }

    /** Returns the exception of the kind that {@code details} names by its category. */
    public static PythonException of(ErrorDetails details) {
        return of(details, null);
    }

    /** Returns the exception of the kind that {@code details} names by its category, with a cause. */
    public static PythonException of(ErrorDetails details, @Nullable Throwable cause) {
        return switch (details.category()) {
            case TIMEOUT_ERROR -> new CallTimeoutException(details, cause);
            case RESOURCE_ERROR -> new PoolResourceException(details, cause);
            case COMMUNICATION_ERROR -> new WorkerLostException(details, cause);
            case SYSTEM_ERROR -> new PoolSystemException(details, cause);
            case PROGRAM_ERROR -> new ProgramException(details, cause);
            case VALIDATION_ERROR -> new InvalidCallException(details, cause);
            case SESSION_ERROR -> new SessionException(details, cause);
            case PROTOCOL_ERROR -> new WorkerProtocolException(details, cause);
        };
    }

    /** Returns everything known about the failure. */
    public ErrorDetails details() {
        return details;
    }

    /** Returns the kind of failure. */
    public ErrorCategory category() {
        return details.category();
    }

    /** Returns what exactly happened, such as {@code QueueFull}, or the class name of a Python exception. */
    public String type() {
        return details.type();
    }

    /** Returns whether the same call may succeed later without a change. */
    public boolean retryable() {
        return details.retryable();
    }
}
