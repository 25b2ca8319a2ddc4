package org.vivarium.core.session;

/** The turn of one call in its session. Thread safe. */
public final class SessionTurn extends Turn {
    private final Session session;
    private final long sinceNanos;

    SessionTurn(Session session, long sinceNanos) {
        this.session = session;
        this.sinceNanos = sinceNanos;
    }

    /** Returns when the call asked for it. */
    long sinceNanos() {
        return sinceNanos;
    }

    /** Returns the session, which the caller may change once the turn has come. */
    public Session session() {
        return session;
    }

    /** Lets the turn begin; {@code false} if nobody waits for it any more. */
    boolean come() {
        return begin();
    }

    @Override
    protected void left() {
        session.leave(this);
    }

    @Override
    protected void passed() {
        session.pass();
    }
}
