package org.vivarium.api;

import org.jspecify.annotations.Nullable;

/**
 * The deadline of a call passed, while it waited for a worker ({@code CheckoutTimeout}) or while it ran
 * ({@code CallTimeout}).
 */
public final class CallTimeoutException extends PythonException {
    private static final long serialVersionUID = 1;

    CallTimeoutException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
