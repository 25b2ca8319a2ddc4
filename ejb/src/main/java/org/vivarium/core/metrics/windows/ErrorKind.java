package org.vivarium.core.metrics.windows;

import org.vivarium.api.ErrorCategory;
import org.vivarium.api.event.CallOutcome;

/** One way in which calls fail. */
public record ErrorKind(ErrorCategory category, String type) {
    /** Returns whether it counts for the error rate: to end a call before its time is no error. */
    public boolean isError() {
        return outcome().isError();
    }

    /** Returns how the call ended. */
    public CallOutcome outcome() {
        return CallOutcome.of(category, type);
    }
}
