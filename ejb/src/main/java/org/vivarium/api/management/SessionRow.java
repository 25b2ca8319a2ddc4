package org.vivarium.api.management;

import java.beans.ConstructorProperties;

/** One session as a row of open types, with the unit in the name. */
public final class SessionRow {
    private final String session;
    private final String worker;
    private final String created;
    private final String lastActivity;
    private final long calls;
    private final int stateBytes;
    private final int waiting;

    /** Takes the values of one row. */
    @ConstructorProperties({"session", "worker", "created", "lastActivity", "calls", "stateBytes", "waiting"})
    public SessionRow(
            String session,
            String worker,
            String created,
            String lastActivity,
            long calls,
            int stateBytes,
            int waiting) {
        this.session = session;
        this.worker = worker;
        this.created = created;
        this.lastActivity = lastActivity;
        this.calls = calls;
        this.stateBytes = stateBytes;
        this.waiting = waiting;
    }

    public String getSession() {
        return session;
    }

    public String getWorker() {
        return worker;
    }

    public String getCreated() {
        return created;
    }

    public String getLastActivity() {
        return lastActivity;
    }

    public long getCalls() {
        return calls;
    }

    public int getStateBytes() {
        return stateBytes;
    }

    public int getWaiting() {
        return waiting;
    }
}
