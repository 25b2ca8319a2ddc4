package org.vivarium.core.metrics.objectives;

import org.vivarium.api.ErrorCategory;
import org.vivarium.api.event.CallEnded;
import org.vivarium.core.metrics.windows.ErrorKind;

/** How a call ended, as objectives see it. */
public enum ObjectiveOutcome {
    /** It has its result. */
    GOOD,
    /** It failed, by the fault of its program or of what the caller wanted of it. */
    FAILED,
    /** It failed by our fault: no worker was there, or the one that it had was lost. */
    UNAVAILABLE,
    /** It says nothing about us: it was cancelled, or asked for what there is not. */
    NOT_COUNTED;

    /** Returns how {@code call} counts. */
    public static ObjectiveOutcome of(CallEnded call) {
        ErrorCategory category = call.failure();
        if (category == null) {
            return GOOD;
        }
        String type = call.errorType() == null ? "" : call.errorType();
        boolean reachedWorker = call.worker() != null;
        return switch (category) {
            case TIMEOUT_ERROR -> ours(type.equals("CheckoutTimeout"));
            case RESOURCE_ERROR -> ours(!reachedWorker && !type.equals("BreakerOpen")); // else the program's hunger
            case COMMUNICATION_ERROR, PROTOCOL_ERROR -> UNAVAILABLE;
            case SYSTEM_ERROR -> new ErrorKind(category, type).isError() ? UNAVAILABLE : NOT_COUNTED;
            case PROGRAM_ERROR, SESSION_ERROR -> FAILED;
            case VALIDATION_ERROR -> NOT_COUNTED;
        };
    }

    private static ObjectiveOutcome ours(boolean ours) {
        return ours ? UNAVAILABLE : FAILED;
    }
}
