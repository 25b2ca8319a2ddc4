package org.vivarium.api.management;

import java.util.List;

/** The sessions of one pool; registered as {@code vivarium:type=Sessions,pool=<name>}. */
@Description("The sessions of one pool, counted and as a table, with operations on one of them.")
public interface SessionsMXBean {

    @Description("Conversations of callers that the pool remembers.")
    @Unit("sessions")
    int getSessions();

    @Description("Sessions that are bound to a worker that is there.")
    @Unit("sessions")
    int getBound();

    @Description("Calls that wait for their turn in a session.")
    @Unit("calls")
    int getWaiting();

    @Description("Calls that ran in the worker that their session is bound to.")
    @Unit("calls")
    long getHits();

    @Description("Calls that ran in another worker, because the one that their session is bound to was busy.")
    @Unit("calls")
    long getMisses();

    @Description("How often a session was bound anew, because its worker had gone.")
    @Unit("sessions")
    long getRebinds();

    @Description("Sessions that were forgotten because nobody used them.")
    @Unit("sessions")
    long getExpired();

    @Description("Hits divided by hits and misses; NaN before the first of them.")
    @Unit("ratio")
    double getAffinityHitRate();

    @Description("What programs have saved in all sessions.")
    @Unit("bytes")
    long getStateBytes();

    @Description("Most sessions at a time.")
    @Unit("sessions")
    int getLimit();

    @Description("Returns at most 1,000 sessions, the one that was used last first.")
    @Impact(Impact.Kind.INFO)
    List<SessionRow> list();

    @Description("Forgets one session and its state; a call of it that runs ends as ever but leaves nothing.")
    @Impact(Impact.Kind.ACTION)
    void forget(@Description("Session, as callers named it.") String session);
}
