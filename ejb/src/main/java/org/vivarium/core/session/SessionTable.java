package org.vivarium.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.core.time.Ticker;

/** All sessions of one pool. Thread safe. */
public final class SessionTable {
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final AffinityCounters counters = new AffinityCounters();
    private final Ticker ticker;
    private final IntSupplier limit;

    /** Makes an empty table that takes at most {@code limit} sessions, read again for each. */
    public SessionTable(Ticker ticker, IntSupplier limit) {
        this.ticker = ticker;
        this.limit = limit;
    }

    /**
     * Returns a turn in the session of that name, which is made if there is none.
     *
     * @throws TooManySessionsException if it would be one too many
     */
    public SessionTurn enter(String id) throws TooManySessionsException {
        if (!sessions.containsKey(id) && sessions.size() >= limit.getAsInt()) {
            throw new TooManySessionsException(limit.getAsInt());
        }
        SessionTurn[] turn = new SessionTurn[1];
        sessions.compute(id, (name, known) -> { // atomic, so that no sweep takes it in between
            Session session = known == null ? new Session(name, ticker) : known;
            turn[0] = session.enter();
            return session;
        });
        return turn[0];
    }

    /** Returns what is counted. */
    public AffinityCounters counters() {
        return counters;
    }

    /** Forgets the sessions that nobody has used for {@code timeout}; returns how many. */
    public int sweep(Duration timeout) {
        return sweep(timeout, id -> {});
    }

    /** Likewise, and names each to {@code expired}, which must not block. */
    public int sweep(Duration timeout, Consumer<String> expired) {
        long before = ticker.nanos() - timeout.toNanos();
        int swept = 0;
        for (String id : sessions.keySet()) {
            boolean[] ended = new boolean[1];
            sessions.computeIfPresent(id, (name, session) -> {
                if (!session.idleSince(before)) {
                    return session;
                }
                session.end();
                ended[0] = true;
                return null;
            });
            if (ended[0]) {
                swept++;
                expired.accept(id);
            }
        }
        counters.expired(swept);
        return swept;
    }

    /**
     * Removes one session; {@code false} if there is none of that name. A call of it that is running ends normally, but
     * leaves nothing; calls that wait for their turn in it each find it empty, and leave nothing either.
     */
    public boolean forget(String id) {
        Session forgotten = sessions.remove(id);
        if (forgotten != null) {
            forgotten.end();
        }
        return forgotten != null;
    }

    /** Returns how many sessions there are. */
    public int size() {
        return sessions.size();
    }

    /** Takes a snapshot of each session, the one that was used last first; {@code now} is the wall-clock time. */
    public List<SessionView> view(Instant now) {
        List<SessionView> views = new ArrayList<>(sessions.size());
        sessions.values().forEach(session -> views.add(session.view(now)));
        views.sort((a, b) -> b.lastActivity().compareTo(a.lastActivity()));
        return views;
    }

    /** Counts all sessions now, and what has been counted since the pool was made. */
    public SessionTotals totals() {
        int bound = 0;
        int waiting = 0;
        long stateBytes = 0;
        for (Session session : sessions.values()) {
            bound += session.isBound() ? 1 : 0;
            waiting += session.waiting();
            stateBytes += session.state().length;
        }
        return new SessionTotals(
                sessions.size(),
                bound,
                waiting,
                counters.hits(),
                counters.misses(),
                counters.rebinds(),
                counters.expired(),
                stateBytes,
                limit.getAsInt());
    }
}
