package org.vivarium.core.config;

import static org.vivarium.core.config.Effect.AT_ONCE;
import static org.vivarium.core.config.Effect.NEXT_CALL;
import static org.vivarium.core.config.Effect.NEXT_WORKER;
import static org.vivarium.core.config.ParameterUnit.CALLS;
import static org.vivarium.core.config.ParameterUnit.FAILURES;
import static org.vivarium.core.config.ParameterUnit.HEARTBEATS;
import static org.vivarium.core.config.ParameterUnit.LINES;
import static org.vivarium.core.config.ParameterUnit.MEBIBYTES;
import static org.vivarium.core.config.ParameterUnit.MICROSECONDS;
import static org.vivarium.core.config.ParameterUnit.MILLISECONDS;
import static org.vivarium.core.config.ParameterUnit.PERCENT;
import static org.vivarium.core.config.ParameterUnit.RESTARTS;
import static org.vivarium.core.config.ParameterUnit.RETRIES;
import static org.vivarium.core.config.ParameterUnit.SESSIONS;
import static org.vivarium.core.config.ParameterUnit.SLOTS;
import static org.vivarium.core.config.ParameterUnit.TRANSITIONS;
import static org.vivarium.core.config.ParameterUnit.WORKERS;

import java.util.List;

/**
 * The one place where a parameter of a pool is described; the reader, the store, JMX, REST and the documentation are
 * derived from it. Adding a parameter is one line here and its key in {@code config/vivarium.conf}; a test demands
 * that, and writes the documents.
 */
public enum PoolParameter implements Parameter {
    PROFILE(
            "profile",
            "Profile",
            Allowed.choice("balanced", Profiles.NAMES),
            AT_ONCE,
            "Named set of values for a goal; what is configured by itself stays as it is. A change sets what the new profile says."),
    MINIMUM_WORKERS(
            "workers.minimum",
            "MinimumWorkers",
            new Allowed(WORKERS, 1, 256, 2),
            AT_ONCE,
            "Fewest workers that the pool keeps; auto is 2, or 1 where there is only one processor."),
    MAXIMUM_WORKERS(
            "workers.maximum",
            "MaximumWorkers",
            new Allowed(WORKERS, 1, 256, 4),
            AT_ONCE,
            "Most workers that the pool keeps; auto is one for each processor that the service may use, at least 2."),
    OVERFLOW(
            "workers.overflow",
            "Overflow",
            new Allowed(WORKERS, 0, 256, 0),
            AT_ONCE,
            "How many workers above the maximum may start while callers keep waiting; they end when none waits any more."),
    GROWTH_DELAY(
            "workers.growth-delay",
            "GrowthDelayMillis",
            new Allowed(MILLISECONDS, 10, 600_000, 500),
            AT_ONCE,
            "How long the oldest caller must have waited before the pool starts one more worker."),
    IDLE_TIME(
            "workers.idle-time",
            "IdleTimeMillis",
            new Allowed(MILLISECONDS, 100, 86_400_000, 60_000),
            AT_ONCE,
            "How long a worker must have been idle without a break before the pool ends one that it started because callers waited."),
    LAZY(
            "workers.lazy",
            "Lazy",
            Allowed.either(false),
            AT_ONCE,
            "Whether the pool starts its workers with the first call instead of with the service."),
    WARM_SPARES(
            "workers.spares",
            "WarmSpares",
            new Allowed(WORKERS, 0, 64, 0),
            AT_ONCE,
            "How many ready workers are kept in addition, to take the place of one that dies or is replaced."),
    MAXIMUM_CALLS(
            "workers.maximum-calls",
            "MaximumCallsPerWorker",
            new Allowed(CALLS, 0, 1_000_000_000, 0),
            AT_ONCE,
            "Calls after which a worker is replaced, ±10 % so that workers differ; 0 means never."),
    MAXIMUM_AGE(
            "workers.maximum-age",
            "MaximumWorkerAgeMillis",
            new Allowed(MILLISECONDS, 0, 1_209_600_000, 0),
            AT_ONCE,
            "Age at which a worker is replaced, ±10 % so that workers differ; 0 means never."),
    MAXIMUM_REPLACEMENTS(
            "workers.replacements",
            "MaximumReplacements",
            new Allowed(WORKERS, 1, 64, 2),
            AT_ONCE,
            "How many workers are replaced at the same time, by recycling or a rolling restart."),
    START_BATCH(
            "workers.start-batch",
            "StartBatch",
            new Allowed(WORKERS, 1, 64, 8),
            AT_ONCE,
            "How many workers start at the same time."),
    SLOTS_PER_WORKER(
            "workers.slots",
            "SlotsPerWorker",
            new Allowed(SLOTS, 1, 64, 1),
            NEXT_WORKER,
            "How many calls a worker runs at a time, each in a thread of its own; more than 1 is for programs that wait."),
    SPIN_MICROS(
            "workers.spin",
            "SpinMicros",
            new Allowed(MICROSECONDS, 0, 200, 50),
            NEXT_WORKER,
            "How long caller and worker poll for an answer before they block; 0 blocks at once."),
    HISTORY_LENGTH(
            "workers.history",
            "HistoryLength",
            new Allowed(TRANSITIONS, 10, 1_000, 100),
            NEXT_WORKER,
            "How many changes of state a worker keeps: so many of its life, and as many of calls that come and go."),
    CHECKOUT_TIMEOUT(
            "timeouts.checkout",
            "CheckoutTimeoutMillis",
            new Allowed(MILLISECONDS, 1, 3_600_000, 30_000),
            NEXT_CALL,
            "Longest wait of a call for a free worker."),
    OPERATION_TIMEOUT(
            "timeouts.operation",
            "OperationTimeoutMillis",
            new Allowed(MILLISECONDS, 1, 86_400_000, 60_000),
            NEXT_CALL,
            "Timeout of a call that sets none, waiting included."),
    CANCEL_GRACE(
            "timeouts.cancel-grace",
            "CancelGraceMillis",
            new Allowed(MILLISECONDS, 0, 10_000, 450),
            NEXT_CALL,
            "How long a program that is cancelled, or past its deadline, may take to stop before its worker is terminated."),
    START_TIMEOUT(
            "timeouts.start",
            "StartTimeoutMillis",
            new Allowed(MILLISECONDS, 100, 600_000, 30_000),
            NEXT_WORKER,
            "Longest time from starting a worker until it is ready, the import of its modules not counted."),
    LOAD_TIMEOUT(
            "timeouts.load",
            "LoadTimeoutMillis",
            new Allowed(MILLISECONDS, 100, 3_600_000, 300_000),
            NEXT_WORKER,
            "Longest time that the modules of the pool may take to be imported."),
    FORK_SERVER_TIMEOUT(
            "timeouts.fork-server",
            "ForkServerTimeoutMillis",
            new Allowed(MILLISECONDS, 2_000, 600_000, 5_000),
            NEXT_WORKER,
            "How long a fork server may send no heartbeat, which is due every second, before another one starts the workers."),
    STOP_GRACE(
            "timeouts.stop-grace",
            "StopGraceMillis",
            new Allowed(MILLISECONDS, 0, 60_000, 1_000),
            AT_ONCE,
            "Time that a worker has to stop before it is killed."),
    QUEUE_LIMIT(
            "limits.queue",
            "QueueLimit",
            new Allowed(CALLS, 0, 100_000, 1_000),
            AT_ONCE,
            "Most calls that may wait for their turn, a permit or a worker; further ones are refused."),
    PER_KEY_LIMIT(
            "limits.per-key",
            "PerKeyLimit",
            new Allowed(CALLS, 0, 100_000, 0),
            AT_ONCE,
            "Most calls with the same key that run at a time; further ones wait; 0 means no limit."),
    GLOBAL_LIMIT(
            "limits.global",
            "GlobalLimit",
            new Allowed(CALLS, 0, 100_000, 0),
            AT_ONCE,
            "Most calls of the pool that run at a time, with a key or without; further ones wait, and keys take turns; 0 means no limit."),
    OUTPUT_LINES(
            "limits.output-lines",
            "OutputLinesPerSecond",
            new Allowed(LINES, 0, 1_000_000, 1_000),
            NEXT_WORKER,
            "Most lines a second that a worker may print and log into the server's log; further ones are dropped and counted."),
    OUTPUT_MEGABYTES(
            "limits.output",
            "OutputMegabytesPerSecond",
            new Allowed(MEBIBYTES, 1, 1_024, 1),
            NEXT_WORKER,
            "Most that a worker may print and log into the server's log in a second; what is beyond is dropped and counted."),
    MAXIMUM_FRAME_MEGABYTES(
            "limits.frame",
            "MaximumFrameMegabytes",
            new Allowed(MEBIBYTES, 1, 1_024, 64),
            NEXT_WORKER,
            "Largest inputs or result of one call."),
    SOFT_MEMORY_MEGABYTES(
            "limits.soft-memory",
            "SoftMemoryMegabytes",
            new Allowed(MEBIBYTES, 0, 1_048_576, 0),
            AT_ONCE,
            "Resident memory above which a worker is replaced when it is idle, within ±5 %; 0 means no limit."),
    HARD_MEMORY_MEGABYTES(
            "limits.hard-memory",
            "HardMemoryMegabytes",
            new Allowed(MEBIBYTES, 0, 1_048_576, 0),
            NEXT_WORKER,
            "Resident memory that a worker may not exceed: programs get a MemoryError, or their worker is killed; 0 means no limit."),
    MAXIMUM_MEMORY_GROWTH(
            "limits.memory-growth",
            "MaximumMemoryGrowthPercent",
            new Allowed(PERCENT, 0, 10_000, 0),
            AT_ONCE,
            "Growth over its own resident memory after 20 calls or 60 s at which a worker is replaced, within ±5 %; 0 means no limit."),
    CPU_LIMIT(
            "limits.cpu",
            "CpuLimitMillis",
            new Allowed(MILLISECONDS, 0, 86_400_000, 0),
            NEXT_WORKER,
            "Processor time that one call may use; 0 means no limit."),
    SAMPLE_INTERVAL(
            "limits.sample-interval",
            "SampleIntervalMillis",
            new Allowed(MILLISECONDS, 1_000, 600_000, 1_000),
            AT_ONCE,
            "Time between two samples of what the workers use."),
    SESSION_TIMEOUT(
            "session.timeout",
            "SessionTimeoutMillis",
            new Allowed(MILLISECONDS, 1_000, 86_400_000, 300_000),
            AT_ONCE,
            "Time without a call after which a session expires."),
    SESSION_SWEEP_INTERVAL(
            "session.sweep-interval",
            "SessionSweepIntervalMillis",
            new Allowed(MILLISECONDS, 1_000, 3_600_000, 60_000),
            AT_ONCE,
            "Time between two sweeps of expired sessions."),
    SESSION_LIMIT(
            "session.limit",
            "SessionLimit",
            new Allowed(SESSIONS, 1, 1_000_000, 100_000),
            AT_ONCE,
            "Most sessions at a time; a call that would need another is refused."),
    SESSION_STATE_MEGABYTES(
            "session.state",
            "SessionStateMegabytes",
            new Allowed(MEBIBYTES, 1, 256, 1),
            NEXT_WORKER,
            "Largest state of one session, as a worker saves it."),
    SESSION_BUDGET_MEGABYTES(
            "session.budget",
            "SessionBudgetMegabytes",
            new Allowed(MEBIBYTES, 1, 1_048_576, 128),
            AT_ONCE,
            "Size of the states of all sessions together from which on calls that need a new session are refused; existing ones go on. auto is a quarter of the heap, divided by the number of pools."),
    AFFINITY_MODE(
            "session.affinity",
            "AffinityMode",
            Allowed.choice("prefer", AffinityMode.names()),
            NEXT_CALL,
            "What a call of a session does when the worker that the session is bound to is busy: prefer waits for AffinityWaitMillis and then uses another, strict-queue waits, strict-fail fails; none does not bind sessions."),
    AFFINITY_WAIT(
            "session.affinity-wait",
            "AffinityWaitMillis",
            new Allowed(MILLISECONDS, 0, 600_000, 100),
            NEXT_CALL,
            "How long a call waits for the worker that its session is bound to before it takes any other."),
    HEALTH_CHECK_INTERVAL(
            "recovery.health-check-interval",
            "HealthCheckIntervalMillis",
            new Allowed(MILLISECONDS, 1_000, 3_600_000, 30_000),
            AT_ONCE,
            "Time between two checks of an idle worker."),
    HEALTH_CHECK_TIMEOUT(
            "recovery.health-check-timeout",
            "HealthCheckTimeoutMillis",
            new Allowed(MILLISECONDS, 10, 60_000, 5_000),
            AT_ONCE,
            "Time that a worker has to answer a health check."),
    HEALTH_RECHECK(
            "recovery.recheck-interval",
            "HealthRecheckMillis",
            new Allowed(MILLISECONDS, 100, 600_000, 5_000),
            AT_ONCE,
            "Time between two checks of a degraded worker."),
    MAXIMUM_HEALTH_FAILURES(
            "recovery.maximum-health-failures",
            "MaximumHealthFailures",
            new Allowed(FAILURES, 1, 100, 3),
            AT_ONCE,
            "Failed checks in a row after which a worker is replaced."),
    HEARTBEAT(
            "recovery.heartbeat",
            "HeartbeatMillis",
            new Allowed(MILLISECONDS, 100, 60_000, 1_000),
            NEXT_WORKER,
            "Time between two heartbeats of a worker."),
    MAXIMUM_MISSED_HEARTBEATS(
            "recovery.maximum-missed-heartbeats",
            "MaximumMissedHeartbeats",
            new Allowed(HEARTBEATS, 2, 3_600, 5),
            AT_ONCE,
            "Heartbeats that a busy worker may miss in a row, without using the processor, before it is replaced."),
    RESTART_LIMIT(
            "recovery.restart-limit",
            "RestartLimit",
            new Allowed(RESTARTS, 1, 1_000, 5),
            AT_ONCE,
            "Workers that may die idle or starting within the restart window before their replacements are paced."),
    RESTART_WINDOW(
            "recovery.restart-window",
            "RestartWindowMillis",
            new Allowed(MILLISECONDS, 1_000, 3_600_000, 60_000),
            AT_ONCE,
            "Period in which the deaths of idle and starting workers are counted."),
    REPLACEMENT_RATE(
            "recovery.replacement-rate",
            "ReplacementsPerSecond",
            new Allowed(RESTARTS, 1, 1_000, 10),
            AT_ONCE,
            "Most workers that start within a second in the place of lost ones."),
    ISOLATION_KILLS(
            "recovery.isolation-kills",
            "IsolationKills",
            new Allowed(FAILURES, 0, 1_000, 3),
            AT_ONCE,
            "Workers that a program may kill within the isolation window before it is isolated; 0 means never."),
    ISOLATION_WINDOW(
            "recovery.isolation-window",
            "IsolationWindowMillis",
            new Allowed(MILLISECONDS, 1_000, 3_600_000, 60_000),
            AT_ONCE,
            "Period in which kills are counted, and without any after which an isolated program is released."),
    RETRY_BASE_DELAY(
            "recovery.retry-base-delay",
            "RetryBaseDelayMillis",
            new Allowed(MILLISECONDS, 10, 60_000, 1_000),
            AT_ONCE,
            "Delay before the first retry of a failed start or call, ±25 %; doubles with each."),
    RETRY_MAXIMUM_DELAY(
            "recovery.retry-maximum-delay",
            "RetryMaximumDelayMillis",
            new Allowed(MILLISECONDS, 10, 600_000, 30_000),
            AT_ONCE,
            "Longest delay before a retry of a start or a call, ±25 %."),
    MAXIMUM_RETRIES(
            "recovery.retries",
            "MaximumRetries",
            new Allowed(RETRIES, 0, 100, 2),
            AT_ONCE,
            "How often a call is retried within its deadline if its worker failed and its program may run twice."),
    BREAKER_FAILURES(
            "recovery.breaker-failures",
            "BreakerFailures",
            new Allowed(FAILURES, 0, 1_000_000, 5),
            AT_ONCE,
            "Faults of a program in a row after which its circuit breaker opens and its calls are refused; 0 means never."),
    BREAKER_CALLS(
            "recovery.breaker-calls",
            "BreakerCalls",
            new Allowed(CALLS, 0, 1_000_000, 20),
            AT_ONCE,
            "Calls of a program within BreakerWindowMillis, half of them faults, that open its circuit breaker; 0 means never."),
    BREAKER_WINDOW(
            "recovery.breaker-window",
            "BreakerWindowMillis",
            new Allowed(MILLISECONDS, 1_000, 3_600_000, 60_000),
            AT_ONCE,
            "Period in which a circuit breaker compares faults with calls; it begins with a fault."),
    BREAKER_OPEN(
            "recovery.breaker-open",
            "BreakerOpenMillis",
            new Allowed(MILLISECONDS, 10, 3_600_000, 60_000),
            AT_ONCE,
            "How long a circuit breaker refuses all calls before it lets some through as probes."),
    BREAKER_PROBES(
            "recovery.breaker-probes",
            "BreakerProbes",
            new Allowed(CALLS, 1, 1_000, 3),
            AT_ONCE,
            "Most probes at a time of a program whose circuit breaker was open."),
    BREAKER_SUCCESSES(
            "recovery.breaker-successes",
            "BreakerSuccesses",
            new Allowed(CALLS, 1, 1_000, 3),
            AT_ONCE,
            "Successful probes after which a circuit breaker closes."),
    PYTHON_LOG_LEVEL(
            "python.log-level",
            "PythonLogLevel",
            Allowed.choice("info", List.of("debug", "info", "warning", "error")),
            NEXT_WORKER,
            "Level of Python's root logger: what workers log below it is not sent; a logger that has a level of its own keeps that.");

    /** All of them, in the order of the documentation. */
    public static final Parameters<PoolParameter> ALL = new Parameters<>("parameter", List.of(values()));

    private final String path;
    private final String attribute;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers and an enum
    private final Allowed allowed;

    private final Effect effect;
    private final String description;

    PoolParameter(String path, String attribute, Allowed allowed, Effect effect, String description) {
        this.path = path;
        this.attribute = attribute;
        this.allowed = allowed;
        this.effect = effect;
        this.description = description;
    }

    /**
     * Returns the parameter that JMX and REST call {@code attribute}.
     *
     * @throws IllegalArgumentException if there is none; the message suggests the most similar one
     */
    public static PoolParameter ofAttribute(String attribute) {
        return ALL.ofAttribute(attribute);
    }

    /** Returns the configuration paths of all parameters, in the order of the documentation. */
    public static List<String> paths() {
        return ALL.paths();
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String attribute() {
        return attribute;
    }

    @Override
    public boolean followsHost() {
        return this == MINIMUM_WORKERS || this == MAXIMUM_WORKERS || this == SESSION_BUDGET_MEGABYTES;
    }

    @Override
    public Allowed allowed() {
        return allowed;
    }

    @Override
    public Effect effect() {
        return effect;
    }

    @Override
    public String description() {
        return description;
    }
}
