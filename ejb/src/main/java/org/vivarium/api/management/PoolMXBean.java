package org.vivarium.api.management;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Watches and steers one pool; registered as {@code vivarium:type=Pool,pool=<name>}.
 *
 * <p>Attributes are read from one picture a second. The numbers of the last minute, such as {@code WaitP99Millis1m},
 * are attributes besides these, and {@code Snapshot} has all numbers at one moment as one composite value.
 */
@Description("Monitors and operates one pool of Python workers.")
@AttributeOrder({
    "State",
    "Problem",
    "HealthScore",
    "Waiting",
    "OldestWaitMillis",
    "OldestCallMillis",
    "Degraded",
    "Errors",
    "ErrorRate1m",
    "Timeouts",
    "Rejected",
    "RejectedPerSecond1m",
    "Died",
    "Unresolved",
    "RolloutProblem",
    "RolloutState",
    "SessionsRefused",
    "DroppedLines",
    "ObjectiveLevel",
    "Ready",
    "Busy",
    "Idle",
    "Starting",
    "Draining",
    "Spares",
    "Size",
    "Target",
    "Slots",
    "BusySlots",
    "Running",
    "RunningKeys",
    "Utilization1m",
    "ThroughputPerSecond1m",
    "Calls",
    "Cancelled",
    "Retries",
    "Resolved",
    "Started",
    "Recycled",
    "Recoveries",
    "RecoveryMillisLast",
    "Sessions",
    "Generation",
    "RecentDecisions",
    "Name"
})
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

    @MetricAttribute
    int getSlots();

    @MetricAttribute
    int getBusySlots();

    @Description("Generation of the Python code with which workers are started now; the first is 1.")
    @Unit("generation")
    int getGeneration();

    @Description("NONE, PROVING, REPLACING, DONE, ROLLING_BACK or ROLLED_BACK.")
    String getRolloutState();

    @Description("Why the last rolling restart was rolled back; empty if it was not.")
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
    long getResolved();

    @MetricAttribute
    long getUnresolved();

    @MetricAttribute
    long getStarted();

    @MetricAttribute
    long getDied();

    @MetricAttribute
    long getRecycled();

    @MetricAttribute
    long getDroppedLines();

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
            "Replaces all workers, with modules and configuration as they are on disk now; rolls back if that fails. Returns at once.")
    @Impact(Impact.Kind.ACTION)
    void rollingRestart();

    @Description("Refuses new calls; running ones are finished.")
    @Impact(Impact.Kind.ACTION)
    void drain();

    @Description("Takes calls again after drain().")
    @Impact(Impact.Kind.ACTION)
    void resume();

    @Description("Returns the Python stacks of all threads of one worker; the worker goes on.")
    @Impact(Impact.Kind.INFO)
    String dumpStacks(@Description("Worker, as listed by type=Workers.") String worker);

    @Description("Returns the levels that Python loggers were given here, by logger.")
    @Impact(Impact.Kind.INFO)
    Map<String, String> loggerLevels();

    @Description("Gives a Python logger a level in all workers, also in those that start later; calls go on.")
    @Impact(Impact.Kind.ACTION)
    void setLoggerLevel(
            @Description("Name of the logger in Python, such as crm.db, or root.") String logger,
            @Description("TRACE, DEBUG, INFO, WARN or ERROR; empty gives it the level of the program again.")
                    @MayBeMissing
                    @Nullable String level);

    @Description("Returns the metrics of the pool in a window, by name; NaN means no data.")
    @Impact(Impact.Kind.INFO)
    Map<String, Double> metrics(@Description("1m, 5m or 15m.") String window);

    @Description("Returns the metrics of one worker in a window, by name; NaN means no data.")
    @Impact(Impact.Kind.INFO)
    Map<String, Double> workerMetrics(
            @Description("Worker, as listed by type=Workers.") String worker,
            @Description("1m, 5m or 15m.") String window);

    @Description("Returns how often calls failed or were cancelled in a window, by category and type.")
    @Impact(Impact.Kind.INFO)
    Map<String, Long> errorRates(@Description("1m, 5m or 15m.") String window);

    @Description("Returns how often the deadline of a call with a key has passed since the service started, by key.")
    @Impact(Impact.Kind.INFO)
    Map<String, Long> keyTimeouts();

    @Description(
            "Returns the metrics of the pool over time, as JSON, like REST: at most 2,000 steps of at least 5 s; without arguments the last hour in steps of a minute.")
    @Impact(Impact.Kind.INFO)
    String metricsRange(
            @Description("Begin, such as 2026-11-21T10:00:00Z; empty is an hour before the end.")
                    @MayBeMissing
                    @Nullable String from,
            @Description("End, likewise; empty is now.") @MayBeMissing @Nullable String to,
            @Description("Length of a step, such as PT1M; empty is a minute.") @MayBeMissing @Nullable String step);

    @Description(
            "Returns the metrics of the last 1, 5 and 15 minutes, with programs, workers and objectives, as JSON, like REST.")
    @Impact(Impact.Kind.INFO)
    String summary();

    @Description("Resets Calls, Errors and the other totals to 0; windows and Prometheus are not affected.")
    @Impact(Impact.Kind.ACTION)
    void resetStatistics();
}
