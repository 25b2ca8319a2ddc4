package org.vivarium.api.management;

import java.util.List;
import java.util.Map;

/** The workers of one pool as a table; registered as {@code vivarium:type=Workers,pool=<name>}. */
@Description("The workers of one pool, as a table, with operations on one of them.")
@AttributeOrder({"RecoveryCounts", "HealthChecks", "StateSeconds", "Workers"})
public interface WorkersMXBean {

    @Description("All live workers, oldest first.")
    List<WorkerRow> getWorkers();

    @Description("Time that all workers have spent in each state since the pool started, by state.")
    @Unit("s")
    Map<String, Double> getStateSeconds();

    @Description(
            "How often each kind of failure was decided about in each way since the pool started, by failure and decision.")
    @Unit("decisions")
    Map<String, Long> getRecoveryCounts();

    @Description("How many health checks have ended in each way since the pool started, by result.")
    @Unit("checks")
    Map<String, Long> getHealthChecks();

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
