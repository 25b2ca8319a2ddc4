package org.vivarium.core.session;

/** A pool has as many sessions as it may have. */
public final class TooManySessionsException extends Exception {
    private static final long serialVersionUID = 1;

    TooManySessionsException(int limit) {
        super("there are %d sessions, as many as SessionLimit allows".formatted(limit));
    }
}
