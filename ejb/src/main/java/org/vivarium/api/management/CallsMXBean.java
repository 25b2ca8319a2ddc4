package org.vivarium.api.management;

import java.util.List;

/** The calls of one pool that wait or run; registered as {@code vivarium:type=Calls,pool=<name>}. */
@Description("The calls of one pool that wait or run, counted and as a table; one of them can be cancelled.")
@AttributeOrder({"Waiting", "OldestWaitMillis", "OldestCallMillis", "Running", "RunningKeys"})
public interface CallsMXBean {

    @MetricAttribute
    int getWaiting();

    @MetricAttribute
    double getOldestWaitMillis();

    @MetricAttribute
    double getOldestCallMillis();

    @MetricAttribute
    int getRunning();

    @MetricAttribute
    int getRunningKeys();

    @Description("Lists the calls that wait or run, at most 1,000 of them, oldest first; REST has them all, in pages.")
    @Impact(Impact.Kind.INFO)
    List<CallRow> list();

    @Description("Cancels one call; its work stops within a second, whatever it does. Returns at once.")
    @Impact(Impact.Kind.ACTION)
    void cancel(@Description("Call, as listed by list().") String call);
}
