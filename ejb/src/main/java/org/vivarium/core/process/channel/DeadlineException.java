package org.vivarium.core.process.channel;

/** The deadline of a call passed before its answer was complete. */
public final class DeadlineException extends Exception {
    private static final long serialVersionUID = 1;

    DeadlineException() {
        super("deadline passed", null, false, false);
    }
}
