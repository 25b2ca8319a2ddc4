package org.vivarium.core.session;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.vivarium.core.time.Ticker;

/** All sessions of one pool. Thread safe. */
public final class SessionTable {
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Ticker ticker;
    private final IntSupplier limit;

    /** Makes an empty table that takes at most {@code limit} sessions, looked up anew for each. */
    public SessionTable(Ticker ticker, IntSupplier limit) {
        this.ticker = ticker;
        this.limit = limit;
    }

    /**
     * Returns a turn in the session of that name, which is made if there is none.
     *
     * @throws TooManySessionsException if it would be one too many
     */
    public Turn enter(String id) throws TooManySessionsException {
        if (!sessions.containsKey(id) && sessions.size() >= limit.getAsInt()) {
            throw new TooManySessionsException(limit.getAsInt());
        }
        long now = ticker.nanos();
        Turn[] turn = new Turn[1];
        sessions.compute(id, (name, known) -> { // atomic, so that no sweep takes it in between
            Session session = known == null ? new Session(name, now) : known;
            turn[0] = session.enter(now);
            return session;
        });
        return turn[0];
    }

    /** Forgets the sessions that nobody has used for {@code timeout}; returns how many. */
    public int sweep(Duration timeout) {
        long before = ticker.nanos() - timeout.toNanos();
        int swept = 0;
        for (String id : sessions.keySet()) {
            if (sessions.computeIfPresent(id, (name, session) -> session.idleSince(before) ? null : session) == null) {
                swept++;
            }
        }
        return swept;
    }

    /** Returns how many sessions there are. */
    public int size() {
        return sessions.size();
    }
}
