package org.vivarium.core.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.core.session.SessionRefusedException.Reason;
import org.vivarium.core.time.Ticker;

/**
 * All sessions of one pool, within limits of their number and of the size of their states together. The second bounds
 * new sessions only: what an existing one leaves is always kept. Thread safe.
 */
public final class SessionTable {
    private static final Comparator<Session> NEWEST_FIRST =
            Comparator.comparingLong(Session::number).reversed();

    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final AffinityCounters counters = new AffinityCounters();
    private final AtomicLong made = new AtomicLong();
    private final Ticker ticker;
    private final SessionUse use;

    /** Makes an empty table within {@code limits}. */
    public SessionTable(Ticker ticker, SessionLimits limits) {
        this.ticker = ticker;
        this.use = new SessionUse(limits);
    }

    /**
     * Returns a turn in the session of that name, which is made if there is none.
     *
     * @throws SessionRefusedException if the session would be one too many, or the call one too many that waits
     */
    public SessionTurn enter(String id) throws SessionRefusedException {
        if (!sessions.containsKey(id)) {
            requireRoom();
        }
        @Nullable SessionTurn[] turn = new SessionTurn[1];
        sessions.compute(id, (name, known) -> { // atomic, so that no sweep takes it in between
            Session session = known == null ? new Session(name, made.incrementAndGet(), ticker, use) : known;
            turn[0] = session.enter();
            return session;
        });
        SessionTurn entered = turn[0];
        if (entered == null) {
            throw new SessionRefusedException(
                    Reason.QUEUE_FULL, "session '%s' has a call, and as many calls wait as may".formatted(id));
        }
        return entered;
    }

    private void requireRoom() throws SessionRefusedException {
        int most = use.limits().sessions();
        if (sessions.size() >= most) {
            use.refused();
            throw new SessionRefusedException(
                    Reason.TOO_MANY_SESSIONS, "there are %d sessions, as many as SessionLimit allows".formatted(most));
        }
        if (!use.hasRoom()) {
            throw full();
        }
    }

    /** Counts a call that {@link Session#tryOpen} did not let in, and returns why. */
    public SessionRefusedException full() {
        use.refused();
        return new SessionRefusedException(
                Reason.BUDGET_EXHAUSTED,
                "the states of %d sessions use %d bytes, and SessionBudgetMegabytes allows %d"
                        .formatted(
                                sessions.size(), use.stateBytes(), use.limits().stateBytes()));
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

    /** Returns whether there is a session of that name. */
    public boolean contains(String id) {
        return sessions.containsKey(id);
    }

    /** Returns how many sessions there are. */
    public int size() {
        return sessions.size();
    }

    /** Returns how many calls wait for their turn. */
    public int waiting() {
        return use.waiting();
    }

    /** Returns how long the longest waiting of them has waited, in nanoseconds; 0 if none waits. */
    public long oldestWaitNanos() {
        return use.oldestWaitNanos(ticker.nanos());
    }

    /**
     * Takes a snapshot of each session of a page, the newest first, so that whoever turns the pages comes to an end;
     * {@code now} is the wall-clock time.
     *
     * @throws IllegalArgumentException if no page has given the cursor
     */
    public Page<SessionView> page(PageRequest page, Instant now) {
        long before = page.after() == null ? Long.MAX_VALUE : number(page.after());
        Stream<Session> rest = sessions.values().stream().filter(session -> session.number() < before);
        return Page.first(rest, NEWEST_FIRST, page.limit(), session -> Long.toString(session.number()))
                .map(session -> session.view(now));
    }

    private static long number(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw PageRequest.unknownCursor(cursor);
        }
    }

    /** Returns how many sessions there are now, and what has been counted since the pool was made; costs no visit. */
    public SessionTotals totals() {
        return new SessionTotals(
                sessions.size(),
                use.bound(),
                use.waiting(),
                counters.hits(),
                counters.misses(),
                counters.rebinds(),
                counters.expired(),
                use.refusals(),
                use.stateBytes(),
                use.limits().stateBytes(),
                use.limits().sessions());
    }
}
