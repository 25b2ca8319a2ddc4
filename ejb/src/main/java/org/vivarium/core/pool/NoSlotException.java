package org.vivarium.core.pool;

/** A caller leaves without a slot. */
final class NoSlotException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    NoSlotException(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    Reason reason() {
        return reason;
    }

    /** Why there is no slot. */
    enum Reason {
        TIMED_OUT,
        /** The one worker that was wanted. */
        BOUND_WORKER_BUSY,
        QUEUE_FULL,
        INTERRUPTED,
        DRAINED,
        STOPPED
    }
}
