package org.vivarium.api.management;

import java.util.List;
import java.util.Map;

/**
 * Watches and steers one pool; registered as {@code vivarium:type=Pool,pool=<name>}.
 *
 * <p>Attributes that are read within a quarter of a second come from the same picture. The numbers of the last minute,
 * such as {@code WaitP99Millis1m}, are attributes besides these, from one picture a second.
 */
@Description("Watches and steers one pool of Python workers.")
public interface PoolMXBean {

    @Description("Name of the pool, as configured.")
    String getName();

    @Description("IDLE, STARTING, RUNNING, DEGRADED, DRAINED, STOPPED or BROKEN.")
    String getState();

    @Description("What keeps the pool from its full size, in one sentence; empty if nothing does.")
    String getProblem();

    @MetricAttribute
    int getTarget();

    @MetricAttribute
    int getSize();

    @MetricAttribute
    int getReady();

    @MetricAttribute
    int getBusy();

    @MetricAttribute
    int getIdle();

    @MetricAttribute
    int getStarting();

    @MetricAttribute
    int getDegraded();

    @MetricAttribute
    int getDraining();

    @MetricAttribute
    int getSpares();

    @Description("Calls that the workers which serve can have at a time.")
    @Unit("slots")
    int getSlots();

    @Description("Calls that they have.")
    @Unit("slots")
    int getBusySlots();

    @Description("Generation of Python code in which workers are started now; the first is 1.")
    @Unit("generation")
    int getGeneration();

    @Description("NONE, PROVING, REPLACING, DONE, ROLLING_BACK or ROLLED_BACK.")
    String getRolloutState();

    @Description("Why the last rolling restart was given up; empty if it was not.")
    String getRolloutProblem();

    @MetricAttribute
    int getWaiting();

    @MetricAttribute
    double getOldestWaitMillis();

    @MetricAttribute
    int getSessions();

    @MetricAttribute
    long getCalls();

    @MetricAttribute
    long getErrors();

    @MetricAttribute
    long getCancelled();

    @MetricAttribute
    long getTimeouts();

    @MetricAttribute
    long getRejected();

    @MetricAttribute
    long getRetries();

    @MetricAttribute
    long getStarted();

    @MetricAttribute
    long getDied();

    @MetricAttribute
    long getRecycled();

    @MetricAttribute
    long getRecoveries();

    @MetricAttribute
    double getRecoveryMillisLast();

    @Description("What was decided about the last failures of workers, oldest first.")
    List<DecisionRow> getRecentDecisions();

    @Description("Sets the number of workers to keep, between MinimumWorkers and MaximumWorkers; returns at once.")
    @Impact(Impact.Kind.ACTION)
    void resize(@Description("Number of workers.") @Unit("workers") @Range(minimum = 1, maximum = 256) int size);

    @Description("Replaces one worker; the replacement is ready before the old one drains. Returns at once.")
    @Impact(Impact.Kind.ACTION)
    void recycle(@Description("Worker, as listed by type=Workers, such as default-3.") String worker);

    @Description(
            "Replaces all workers, with modules and configuration as they are on disk now; goes back if that fails. Returns at once.")
    @Impact(Impact.Kind.ACTION)
    void rollingRestart();

    @Description("Refuses new calls; running ones end.")
    @Impact(Impact.Kind.ACTION)
    void drain();

    @Description("Takes up work again after drain().")
    @Impact(Impact.Kind.ACTION)
    void resume();

    @Description("Returns the Python stacks of all threads of one worker; the worker goes on.")
    @Impact(Impact.Kind.INFO)
    String dumpStacks(@Description("Worker, as listed by type=Workers.") String worker);

    @Description("Lists the calls that workers have now, the oldest first.")
    @Impact(Impact.Kind.INFO)
    List<CallRow> listCalls();

    @Description("Cancels one call; its work has stopped within a second, whatever it does. Returns at once.")
    @Impact(Impact.Kind.ACTION)
    void cancel(@Description("Call, as listed by listCalls().") String call);

    @Description("Returns the numbers of the pool in a window, by name; NaN is no data.")
    @Impact(Impact.Kind.INFO)
    Map<String, Double> metrics(@Description("1m, 5m or 15m.") String window);

    @Description("Returns the numbers of one worker in a window, by name; NaN is no data.")
    @Impact(Impact.Kind.INFO)
    Map<String, Double> workerMetrics(
            @Description("Worker, as listed by type=Workers.") String worker,
            @Description("1m, 5m or 15m.") String window);

    @Description("Returns how often calls failed in a window, by category and type; cancelled ones as well.")
    @Impact(Impact.Kind.INFO)
    Map<String, Long> errorRates(@Description("1m, 5m or 15m.") String window);

    @Description(
            "Returns how the pool did over time, as JSON, the same as REST: at most 2,000 steps of at least 5 s; the last hour in minutes without arguments.")
    @Impact(Impact.Kind.INFO)
    String metricsRange(
            @Description("Begin, such as 2026-11-21T10:00:00Z; empty is an hour before the end.") String from,
            @Description("End, likewise; empty is now.") String to,
            @Description("Length of a step, such as PT1M; empty is a minute.") String step);

    @Description(
            "Returns how the pool did in the last 1, 5 and 15 minutes, with programs, workers and objectives, as JSON, the same as REST.")
    @Impact(Impact.Kind.INFO)
    String summary();

    @Description("Lets Calls, Errors and the other totals begin at 0 again; windows and Prometheus go on.")
    @Impact(Impact.Kind.ACTION)
    void resetStatistics();
}
