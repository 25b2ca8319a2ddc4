package org.vivarium.api;

import org.jspecify.annotations.Nullable;

/** Something that a call needs has run out: places in the queue, workers, memory, or the pool is stopped. */
public final class PoolResourceException extends PythonException {
    private static final long serialVersionUID = 1;

    PoolResourceException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
