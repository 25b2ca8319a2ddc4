package org.vivarium.core.state;

import org.jspecify.annotations.Nullable;

/** Something could not be kept or read; the message is one sentence with the path, the cause, and what to do. */
public final class StateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
