package org.vivarium.core.metrics.windows;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.WorkerTransitioned;

/** Spans of the lives of workers that are measured. */
public enum LifeSpan {
    /** From requesting a worker until it is ready. */
    START,
    /** In the state DEGRADED. */
    DEGRADED,
    /** In the state DRAINING. */
    DRAINING,
    /** In the state TERMINATING. */
    TERMINATING,
    /** From noticing a death to the replacement in service. */
    RECOVERY,
    /** From a ping to its answer, or to giving up. */
    HEALTH_CHECK;

    /** Returns the span that ended with {@code moved}; {@code null} if none did. */
    public static @Nullable LifeSpan endedBy(WorkerTransitioned moved) {
        return switch (moved.from()) {
            case INITIALIZING -> moved.to() == WorkerState.READY ? START : null;
            case DEGRADED -> DEGRADED;
            case DRAINING -> DRAINING;
            case TERMINATING -> TERMINATING;
            case READY, BUSY, TERMINATED -> null;
        };
    }
}
