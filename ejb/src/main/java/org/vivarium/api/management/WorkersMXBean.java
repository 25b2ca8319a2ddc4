package org.vivarium.api.management;

import java.util.List;

/** The workers of one pool as a table; registered as {@code vivarium:type=Workers,pool=<name>}. */
@Description("The workers of one pool, as a table, with operations on one of them.")
public interface WorkersMXBean {

    @Description("All live workers, oldest first.")
    List<WorkerRow> getWorkers();

    @Description("The most recent changes of state of one worker, oldest first.")
    @Impact(Impact.Kind.INFO)
    List<String> history(@Description("Worker, such as default-3.") String worker);

    @Description("Replaces one worker; the replacement is ready before the old one drains. Returns at once.")
    @Impact(Impact.Kind.ACTION)
    void recycle(@Description("Worker, such as default-3.") String worker);

    @Description(
            "Has one worker collect its garbage and returns how many unreachable objects it found; refused while it has no free slot.")
    @Impact(Impact.Kind.ACTION)
    long collectGarbage(@Description("Worker, such as default-3.") String worker);

    @Description("Returns the Python stacks of all threads of one worker; the worker goes on.")
    @Impact(Impact.Kind.INFO)
    String dumpStacks(@Description("Worker, such as default-3.") String worker);
}
