package org.vivarium.core.admission;

import java.util.ArrayList;
import java.util.List;
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
    private @Nullable Turn isolated;
    private List<Runnable> slots = List.of(); // seldom any
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

    /** Holds the turn of a call whose program is isolated, whether it has come or not. */
    void holdIsolated(Turn turn) {
        boolean late;
        synchronized (this) {
            late = closed;
            isolated = late ? null : turn;
        }
        if (late) {
            turn.close();
        }
    }

    /** Returns whether it holds such a turn. */
    synchronized boolean hasTurn() {
        return isolated != null;
    }

    /** Has {@code release} give back a slot that belongs to the call besides its own. */
    void holdSlot(Runnable release) {
        synchronized (this) {
            if (!closed) {
                slots = slots.isEmpty() ? new ArrayList<>() : slots;
                slots.add(release);
                return;
            }
        }
        release.run();
    }

    /** Gives everything back but the turn in the session: the call pauses. */
    void pause() {
        List<Runnable> all;
        Turn first;
        Turn second;
        synchronized (this) {
            all = slots;
            slots = List.of();
            first = permit;
            second = isolated;
            permit = null;
            isolated = null;
        }
        if (!all.isEmpty()) {
            all.forEach(Runnable::run);
        }
        if (first != null) {
            first.close();
        }
        if (second != null) {
            second.close();
        }
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
