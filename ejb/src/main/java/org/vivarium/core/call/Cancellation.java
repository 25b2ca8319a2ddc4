package org.vivarium.core.call;

import org.vivarium.api.ErrorType;

/**
 * The request that a call end before it has finished.
 *
 * @param type of the exception that its caller gets
 * @param by who wants it, so that it follows "cancelled by"
 */
public record Cancellation(ErrorType type, String by) {
    /** The thread that waits for the call was interrupted. */
    public static final Cancellation INTERRUPT =
            new Cancellation(ErrorType.INTERRUPTED, "an interrupt of the calling thread");

    /** The caller has cancelled its future, or closed its stream. */
    public static final Cancellation CALLER = new Cancellation(ErrorType.CANCELLED, "its caller");

    static Cancellation operator(String name) {
        return new Cancellation(ErrorType.CANCELLED, "operator " + name);
    }
}
