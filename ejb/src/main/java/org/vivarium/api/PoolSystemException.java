package org.vivarium.api;

import org.jspecify.annotations.Nullable;

/** The service or its environment is at fault; the message says what an operator should look at. */
public final class PoolSystemException extends PythonException {
    private static final long serialVersionUID = 1;

    PoolSystemException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
