package org.vivarium.api;

import org.jspecify.annotations.Nullable;

/** The worker that had the call is gone; the message says how it ended, and whether the program may have begun. */
public final class WorkerLostException extends PythonException {
    private static final long serialVersionUID = 1;

    WorkerLostException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
