package org.vivarium.core.session;

/**
 * A call got no turn in its session; nothing has changed. The message says how much there is, and which limit ended it.
 */
public final class SessionRefusedException extends Exception {
    private static final long serialVersionUID = 1;

    private final Reason reason;

    SessionRefusedException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Returns what there is too much of. */
    public Reason reason() {
        return reason;
    }

    /** What there is too much of. */
    public enum Reason {
        /** The session would be new, and there are as many as there may be. */
        TOO_MANY_SESSIONS,
        /** The session would be new, and the states of the others use the whole budget. */
        BUDGET_EXHAUSTED,
        /** The session has a call already, and as many calls wait as may. */
        QUEUE_FULL
    }
}
