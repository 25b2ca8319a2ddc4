package org.vivarium.core.dispatch;

/** A caller gets no slot. */
public final class NoSlotException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    public NoSlotException(Reason reason) {
        super(reason.name(), null, false, false);
        this.reason = reason;
    }

    /** Returns why there is no slot. */
    public Reason reason() {
        return reason;
    }

    /** Why there is no slot. */
    public enum Reason {
        TIMED_OUT,
        /** The one worker that was wanted. */
        BOUND_WORKER_BUSY,
        QUEUE_FULL,
        INTERRUPTED,
        CANCELLED,
        DRAINED,
        STOPPED
    }
}
