package org.vivarium.core.history;

/** The history store cannot be used now; the message says why in one sentence. */
public final class HistoryException extends Exception {
    private static final long serialVersionUID = 1;

    public HistoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
