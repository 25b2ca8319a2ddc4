package org.vivarium.core.session;

/** The turn of one call in its session. Thread safe. */
public final class SessionTurn extends Turn {
    private final Session session;

    SessionTurn(Session session) {
        this.session = session;
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
