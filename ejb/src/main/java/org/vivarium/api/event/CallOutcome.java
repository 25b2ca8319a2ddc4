package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorDescriptor;
import org.vivarium.api.ErrorType;

/** How a call ended. */
public enum CallOutcome {
    /** It has its result. */
    SUCCEEDED,
    /** It failed for another reason than those below. */
    FAILED,
    /** Its deadline passed, or that for waiting. */
    TIMED_OUT,
    /** Its caller or an operator did not want it any more; no error. */
    CANCELLED,
    /** The thread that waited for it was interrupted; no error. */
    INTERRUPTED;

    /** Returns what a failure of {@code category} and {@code type} is; {@code null} for both if there was none. */
    public static CallOutcome of(@Nullable ErrorCategory category, @Nullable String type) {
        if (category == null) {
            return SUCCEEDED;
        }
        ErrorDescriptor known = ErrorDescriptor.of(category, type);
        return switch (known.blame()) {
            case NOBODY -> known == ErrorType.INTERRUPTED ? INTERRUPTED : CANCELLED;
            case SERVICE, PROGRAM, EITHER, NEITHER, CALLER ->
                category == ErrorCategory.TIMEOUT_ERROR ? TIMED_OUT : FAILED;
        };
    }

    /** Returns whether it counts for the error rate: to end a call before its time is no error. */
    public boolean isError() {
        return this == FAILED || this == TIMED_OUT;
    }
}
