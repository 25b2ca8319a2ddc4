package org.vivarium.api.management;

import java.util.List;

/** The sessions of one pool; registered as {@code vivarium:type=Sessions,pool=<name>}. */
@Description("The sessions of one pool, counted and as a table, with operations on one of them.")
@AttributeOrder({
    "Refused",
    "Waiting",
    "StateBytes",
    "BudgetBytes",
    "Sessions",
    "Limit",
    "Bound",
    "Rebinds",
    "Misses",
    "Hits",
    "AffinityHitRate",
    "Expired"
})
public interface SessionsMXBean {

    @Description("Sessions that the pool keeps.")
    @Unit("sessions")
    int getSessions();

    @Description("Sessions that are bound to a live worker.")
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

    @Description("How often a session was bound again because its worker had gone.")
    @Unit("sessions")
    long getRebinds();

    @Description("Sessions that expired because nobody used them.")
    @Unit("sessions")
    long getExpired();

    @Description("Hits divided by the sum of hits and misses; NaN before the first.")
    @Unit("ratio")
    double getAffinityHitRate();

    @Description(
            "Calls that were refused because each needed a new session, and there were too many or too much state of them.")
    @Unit("calls")
    long getRefused();

    @Description("Size of the saved state of all sessions.")
    @Unit("bytes")
    long getStateBytes();

    @Description("StateBytes from which on calls that need a new session are refused: SessionBudgetMegabytes in bytes.")
    @Unit("bytes")
    long getBudgetBytes();

    @Description("Most sessions at a time.")
    @Unit("sessions")
    int getLimit();

    @Description("Returns at most 1,000 sessions, newest first; REST has them all, in pages.")
    @Impact(Impact.Kind.INFO)
    List<SessionRow> list();

    @Description(
            "Removes one session and its state; a call of it that is running ends normally, but its state is dropped.")
    @Impact(Impact.Kind.ACTION)
    void forget(@Description("Session, as callers named it.") String session);
}
