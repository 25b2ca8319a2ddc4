package org.vivarium.core.metrics;

import java.util.Set;
import org.vivarium.api.ErrorCategory;

/** One way in which calls fail. */
record ErrorKind(ErrorCategory category, String type) {
    private static final Set<String> CANCELLED = Set.of("Cancelled", "Interrupted");

    /** Returns whether it counts for the error rate: to end a call before its time is no error. */
    boolean isError() {
        return category != ErrorCategory.SYSTEM_ERROR || !CANCELLED.contains(type);
    }
}
