package org.vivarium.api;

import org.jspecify.annotations.Nullable;

/**
 * The call names a pool or program that does not exist, or its inputs do not fit; {@link ErrorDetails#field()} names
 * the input.
 */
public final class InvalidCallException extends PythonException {
    private static final long serialVersionUID = 1;

    InvalidCallException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
