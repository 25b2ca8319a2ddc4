package org.vivarium.core.telemetry;

import org.vivarium.api.event.EventType;

/** What takes so long that its beginning and its end are both published. */
public enum Operation {
    /** From requesting a worker until it is ready. */
    WORKER_INIT(EventType.WORKER_INIT_START, EventType.WORKER_INIT_STOP, EventType.WORKER_INIT_EXCEPTION),
    /** From asking a worker for a sign of health to its answer. */
    HEALTH_CHECK(
            EventType.WORKER_HEALTH_CHECK_START,
            EventType.WORKER_HEALTH_CHECK_STOP,
            EventType.WORKER_HEALTH_CHECK_EXCEPTION),
    /** From the first worker of a new generation to the end of the last one of the old. */
    ROLLING_RESTART(
            EventType.POOL_ROLLING_RESTART_START,
            EventType.POOL_ROLLING_RESTART_STOP,
            EventType.POOL_ROLLING_RESTART_EXCEPTION);

    final EventType start;
    final EventType stop;
    final EventType exception;

    Operation(EventType start, EventType stop, EventType exception) {
        this.start = start;
        this.stop = stop;
        this.exception = exception;
    }
}
