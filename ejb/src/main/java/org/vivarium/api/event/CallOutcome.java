package org.vivarium.api.event;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorCategory;

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
        return switch (category) {
            case TIMEOUT_ERROR -> TIMED_OUT;
            case SYSTEM_ERROR ->
                "Cancelled".equals(type) ? CANCELLED : "Interrupted".equals(type) ? INTERRUPTED : FAILED;
            case RESOURCE_ERROR, COMMUNICATION_ERROR, PROGRAM_ERROR, VALIDATION_ERROR, SESSION_ERROR, PROTOCOL_ERROR ->
                FAILED;
        };
    }

    /** Returns whether it counts for the error rate: to end a call before its time is no error. */
    public boolean isError() {
        return this == FAILED || this == TIMED_OUT;
    }
}
