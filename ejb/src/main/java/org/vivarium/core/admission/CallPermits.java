package org.vivarium.core.admission;

import org.jspecify.annotations.Nullable;
import org.vivarium.core.session.Turn;

/**
 * What a call holds from its admission to its end: its turn in a session and its permit, if it needs them. Closing it
 * gives both back, once, whatever has come of the call. Thread safe.
 */
final class CallPermits implements AutoCloseable {
    /** Guarded by this object, as is all that follows. */
    private @Nullable Turn turn;

    private @Nullable Turn permit;
    private boolean closed;

    /** Holds a turn in a session, whether it has come or not. Only once, before anything else. */
    synchronized void holdTurn(Turn inSession) {
        turn = inSession;
    }

    /** Holds a permit as well, whether it has come or not. */
    void hold(Turn another) {
        boolean late;
        synchronized (this) {
            late = closed;
            permit = late ? null : another;
        }
        if (late) {
            another.close();
        }
    }

    /** Returns the permit, but not the turn: the call waits for its retry. */
    void pause() {
        Turn held = taken();
        if (held != null) {
            held.close();
        }
    }

    private synchronized @Nullable Turn taken() {
        Turn held = permit;
        permit = null;
        return held;
    }

    @Override
    public void close() {
        Turn inSession;
        synchronized (this) {
            closed = true;
            inSession = turn;
        }
        pause(); // first: whoever has the turn next may need it
        if (inSession != null) {
            inSession.close();
        }
    }
}
