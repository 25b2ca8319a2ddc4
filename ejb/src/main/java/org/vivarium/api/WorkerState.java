package org.vivarium.api;

/**
 * The life of one Python worker process.
 *
 * <pre>
 * INITIALIZING ──▶ READY ◀──▶ BUSY
 *      │           ▲ │ │       │ │
 *      │           │ ▼ │       │ │
 *      │         DEGRADED ◀────┘ │
 *      │             │ │         │
 *      │             ▼ ▼         │
 *      │           DRAINING ◀────┘      (READY, BUSY and DEGRADED may also go to TERMINATING at once)
 *      ▼             ▼
 *    TERMINATING ──▶ TERMINATED         (INITIALIZING may also end TERMINATED at once)
 * </pre>
 *
 * <p>BUSY to DEGRADED is allowed, and nothing makes it: a busy worker is judged by its heartbeat and by the deadlines
 * of its calls, an idle one by health checks.
 */
public enum WorkerState {
    /** The process starts, imports and shakes hands; no work yet. */
    INITIALIZING,
    /** Idle and fit for work. */
    READY,
    /** At least one call runs. */
    BUSY,
    /** Failed a health check while it was idle; takes no new work and is checked again soon. */
    DEGRADED,
    /** Finishes what it has, then ends. */
    DRAINING,
    /** Told to end, or being ended. */
    TERMINATING,
    /** The process is gone. */
    TERMINATED;

    /** Returns whether {@code next} may follow this state. */
    public boolean canBecome(WorkerState next) {
        return switch (this) {
            case INITIALIZING -> next == READY || next == TERMINATING || next == TERMINATED;
            case READY -> next == BUSY || next == DEGRADED || next == DRAINING || next == TERMINATING;
            case BUSY -> next == READY || next == DEGRADED || next == DRAINING || next == TERMINATING;
            case DEGRADED -> next == READY || next == DRAINING || next == TERMINATING;
            case DRAINING -> next == TERMINATING;
            case TERMINATING -> next == TERMINATED;
            case TERMINATED -> false;
        };
    }
}
