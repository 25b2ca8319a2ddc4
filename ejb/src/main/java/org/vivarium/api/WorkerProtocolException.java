package org.vivarium.api;

import org.jspecify.annotations.Nullable;

/** A worker sent a malformed response; it was terminated and replaced. */
public final class WorkerProtocolException extends PythonException {
    private static final long serialVersionUID = 1;

    WorkerProtocolException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
