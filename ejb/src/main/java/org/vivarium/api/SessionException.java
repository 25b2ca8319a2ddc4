package org.vivarium.api;

import org.jspecify.annotations.Nullable;

/** A session cannot be used as asked. */
public final class SessionException extends PythonException {
    private static final long serialVersionUID = 1;

    SessionException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
