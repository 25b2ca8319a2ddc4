package org.vivarium.core.metrics.objectives;

import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorDescriptor;
import org.vivarium.api.event.CallEnded;

/** How a call ended, as objectives see it. */
public enum ObjectiveOutcome {
    /** It has its result. */
    GOOD,
    /** It failed, by the fault of its program or of what the caller wanted of it. */
    FAILED,
    /** It failed by a fault of the service: no worker was there, or the one that it had was lost. */
    UNAVAILABLE,
    /** It says nothing about us: it was cancelled, or asked for what there is not. */
    NOT_COUNTED;

    /** Returns how {@code call} counts. */
    public static ObjectiveOutcome of(CallEnded call) {
        ErrorCategory category = call.failure();
        if (category == null) {
            return GOOD;
        }
        ErrorDescriptor.Blame blame =
                ErrorDescriptor.of(category, call.errorType()).blame();
        return switch (blame) {
            case SERVICE, EITHER -> UNAVAILABLE;
            case PROGRAM, NEITHER -> FAILED;
            case CALLER, NOBODY -> NOT_COUNTED;
        };
    }
}
