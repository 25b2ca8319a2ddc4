package org.vivarium.api.management;

/** The isolated programs of one pool; registered as {@code vivarium:type=Isolation,pool=<name>}. */
@Description("The programs of one pool that are isolated because they kill workers: one worker at a time runs them.")
@AttributeOrder({"Count", "Waiting", "Programs", "Details"})
public interface IsolationMXBean {

    @Description("Programs that are isolated now.")
    @Unit("programs")
    int getCount();

    @Description("The isolated programs, by name.")
    String[] getPrograms();

    @Description("Calls of isolated programs that wait for their turn.")
    @Unit("calls")
    int getWaiting();

    @Description(
            "Each isolated program, since when, how many workers it has killed within the window, and when the last.")
    String[] getDetails();

    @Description("Releases a program although it may kill again.")
    @Impact(Impact.Kind.ACTION)
    void release(@Description("The name of an isolated program.") String program);
}
