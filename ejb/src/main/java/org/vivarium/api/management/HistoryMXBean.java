package org.vivarium.api.management;

/** The history that outlives the process; registered as {@code vivarium:type=History}. */
@Description("The history that outlives the process, in a database.")
@AttributeOrder({"Problem", "Lost", "Failures", "Waiting", "Written"})
public interface HistoryMXBean {

    @Description("Why nothing can be written or read now, in one sentence; empty if it can.")
    String getProblem();

    @Description("Rows that were lost because too many waited, or the service ended.")
    @Unit("rows")
    long getLost();

    @Description("How often the database failed.")
    @Unit("failures")
    long getFailures();

    @Description("Rows that wait to be written.")
    @Unit("rows")
    int getWaiting();

    @Description("Rows that were written since the service started.")
    @Unit("rows")
    long getWritten();
}
