package org.vivarium.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.SessionView;
import org.vivarium.core.time.Ticker;

/**
 * One conversation of a pool's callers.
 *
 * <p>Its calls take turns, in the order in which they came, whatever their priorities: so each one sees what the one
 * before has left, whichever worker ran it. State and affinity target are written by the call whose turn it is, or by
 * whoever ends the session, and may be read by any thread.
 */
public final class Session {
    private static final byte[] NOTHING = {};

    private final String id;
    private final long number;
    private final Ticker ticker;
    private final SessionUse use;
    private final long createdNanos;

    /** Guarded by this object, as are {@code taken}, {@code ended}, and changes of the fields below. */
    private final Deque<SessionTurn> queue = new ArrayDeque<>();

    private boolean taken;
    private boolean ended;
    private volatile boolean opened;
    private volatile byte[] state = NOTHING;
    private volatile @Nullable AffinityTarget target;
    private volatile long usedNanos;
    private volatile long calls;

    /** Takes its place in the order in which the sessions of the pool were made. */
    Session(String id, long number, Ticker ticker, SessionUse use) {
        this.id = id;
        this.number = number;
        this.ticker = ticker;
        this.use = use;
        this.createdNanos = ticker.nanos();
        this.usedNanos = createdNanos;
    }

    /** Returns the name that callers gave it. */
    public String id() {
        return id;
    }

    long number() {
        return number;
    }

    /** Returns what the last successful call that changed the state has left; empty at first. Not copied. */
    @SuppressWarnings("EI_EXPOSE_REP")
    public byte[] state() {
        return state;
    }

    /** Returns what it is bound to, which may have gone; {@code null} before its first call. */
    public @Nullable AffinityTarget target() {
        return target;
    }

    /**
     * Lets the call run whose turn it is: the first one only if the states of all sessions leave room for another, any
     * later one always. To be asked when a worker is there: so no more new states than there are slots come on top of
     * the budget, however many new sessions have waited.
     *
     * @return {@code false} if there is no room; the session stays as it is, for a later call
     */
    public boolean tryOpen() {
        if (!opened) {
            if (!use.hasRoom()) {
                return false;
            }
            opened = true;
        }
        return true;
    }

    /** Binds it to {@code chosen}, and to nothing else any more; an ended session stays unbound. */
    public synchronized void bind(AffinityTarget chosen) {
        if (!ended) {
            moveOut();
            target = chosen;
            chosen.movedIn(use);
        }
    }

    private void moveOut() {
        AffinityTarget old = target;
        if (old != null) {
            old.movedOut(use);
        }
    }

    /** Notes what a successful call has left, {@code null} for nothing new; an ended session keeps nothing. */
    public synchronized void checkpoint(byte @Nullable [] changed) {
        if (changed != null && !ended) {
            use.resized((long) changed.length - state.length);
            state = changed;
        }
    }

    /**
     * Returns a turn, which is there at once or when all before it have ended; {@code null} if it would have to wait
     * and too many do.
     */
    @Nullable SessionTurn enter() {
        SessionTurn turn = new SessionTurn(this, ticker.nanos());
        boolean first;
        synchronized (this) {
            first = !taken;
            if (!first && !use.tryWait(turn)) {
                return null;
            }
            usedNanos = turn.sinceNanos();
            taken = true;
            if (!first) {
                queue.add(turn);
            }
        }
        if (first) {
            turn.come();
        }
        return turn;
    }

    /** Ends a turn that has begun: the next in queue that still waits has its turn now. */
    void pass() {
        note();
        for (SessionTurn next = poll(); next != null; next = poll()) {
            if (next.come()) {
                return;
            }
        }
    }

    private synchronized void note() {
        usedNanos = ticker.nanos();
        calls = calls + 1;
    }

    private synchronized @Nullable SessionTurn poll() {
        SessionTurn next = queue.poll();
        taken = next != null;
        if (next != null) {
            use.waitsNoMore(next);
        }
        return next;
    }

    /** Takes a turn that has not begun out of the queue. */
    synchronized void leave(SessionTurn turn) {
        if (queue.remove(turn)) {
            use.waitsNoMore(turn);
        }
    }

    synchronized boolean idleSince(long nanos) {
        return !taken && usedNanos - nanos < 0;
    }

    /** Forgets state and affinity target for good; what a call that still runs leaves is not kept. */
    synchronized void end() {
        if (!ended) {
            ended = true;
            use.resized(-state.length);
            state = NOTHING;
            moveOut();
            target = null;
        }
    }

    synchronized int waiting() {
        return queue.size();
    }

    /** Takes a snapshot; {@code now} is the wall-clock time. */
    SessionView view(Instant now) {
        long nanos = ticker.nanos();
        AffinityTarget bound = target;
        return new SessionView(
                id,
                now.minus(Duration.ofNanos(nanos - createdNanos)),
                now.minus(Duration.ofNanos(nanos - usedNanos)),
                calls,
                bound == null || bound.isGone() ? null : bound.name(),
                state.length,
                waiting());
    }
}
