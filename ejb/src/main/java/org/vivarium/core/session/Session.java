package org.vivarium.core.session;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * One conversation of a pool's callers.
 *
 * <p>Its calls take turns, in the order in which they came: so each one sees what the one before has left, whichever
 * worker ran it. State and place are written by the call whose turn it is, and may be read by any thread.
 */
public final class Session {
    /** No place in particular. */
    public static final int ANYWHERE = -1;

    private static final byte[] NOTHING = {};

    private final String id;

    /** Guarded by this object, as is {@code taken}. */
    private final Deque<Turn> line = new ArrayDeque<>();

    private boolean taken;
    private volatile byte[] state = NOTHING;
    private volatile int place = ANYWHERE;
    private volatile long usedNanos;

    Session(String id, long nowNanos) {
        this.id = id;
        this.usedNanos = nowNanos;
    }

    /** Returns the name that callers gave it. */
    public String id() {
        return id;
    }

    /** Returns what the last successful call that changed the state has left; empty at first. Not copied. */
    @SuppressWarnings("EI_EXPOSE_REP")
    public byte[] state() {
        return state;
    }

    /** Returns where the last call ran, or {@link #ANYWHERE}; the place may have changed hands since. */
    public int place() {
        return place;
    }

    /** Notes what a successful call has left. */
    public void checkpoint(int place, byte @Nullable [] changed) {
        this.place = place;
        if (changed != null) {
            state = changed;
        }
    }

    /** Returns a turn, which is there at once or when all before it have ended. */
    Turn enter(long nowNanos) {
        usedNanos = nowNanos;
        Turn turn = new Turn(this);
        boolean first;
        synchronized (this) {
            first = !taken;
            taken = true;
            if (!first) {
                line.add(turn);
            }
        }
        if (first) {
            turn.begin();
        }
        return turn;
    }

    /** Ends a turn that has begun: the next in line that still waits has its turn now. */
    void pass() {
        for (Turn next = poll(); next != null; next = poll()) {
            if (next.begin()) {
                return;
            }
        }
    }

    private synchronized @Nullable Turn poll() {
        Turn next = line.poll();
        taken = next != null;
        return next;
    }

    /** Takes a turn that has not begun out of the line. */
    synchronized void leave(Turn turn) {
        line.remove(turn);
    }

    synchronized boolean idleSince(long nanos) {
        return !taken && usedNanos - nanos < 0;
    }
}
