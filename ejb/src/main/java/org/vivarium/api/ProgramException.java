package org.vivarium.api;

import org.jspecify.annotations.Nullable;

/** The Python program raised, or returned what cannot travel; {@link ErrorDetails#traceback()} shows where. */
public final class ProgramException extends PythonException {
    private static final long serialVersionUID = 1;

    ProgramException(ErrorDetails details, @Nullable Throwable cause) {
        super(details, cause);
    }
}
