package org.vivarium.core.metrics;

import org.vivarium.api.ErrorCategory;
import org.vivarium.api.event.CallOutcome;

/** One way in which calls fail. */
record ErrorKind(ErrorCategory category, String type) {
    /** Returns whether it counts for the error rate: to end a call before its time is no error. */
    boolean isError() {
        return outcome().isError();
    }

    CallOutcome outcome() {
        return CallOutcome.of(category, type);
    }
}
