package org.vivarium.core.config;

import static org.vivarium.core.config.ParameterUnit.ERROR_TYPES;
import static org.vivarium.core.config.ParameterUnit.FILES;
import static org.vivarium.core.config.ParameterUnit.KEYS;
import static org.vivarium.core.config.ParameterUnit.LOGINS;
import static org.vivarium.core.config.ParameterUnit.MEBIBYTES;
import static org.vivarium.core.config.ParameterUnit.MILLISECONDS;
import static org.vivarium.core.config.ParameterUnit.PROGRAMS;
import static org.vivarium.core.config.ParameterUnit.SESSIONS;
import static org.vivarium.core.config.ParameterUnit.TRIES;
import static org.vivarium.core.config.ParameterUnit.WORKERS;

import java.util.List;
import org.vivarium.api.event.EventFilter;

/**
 * The one place where a parameter of the service as a whole is described; likewise as those of pools. All of them take
 * effect at once.
 */
public enum ServiceParameter implements Parameter {
    EVENTS(
            "telemetry.events",
            "Events",
            Allowed.text(new TextRule(
                    EventFilter.DEFAULT.toString(),
                    "a list of patterns of events",
                    "*, -session.*",
                    text -> EventFilter.parse(text).toString())),
            "Which events the log and reporters get, and which events on request are published: names, their beginnings, or *, with - in front to take away."),
    TELEMETRY_MEGABYTES(
            "telemetry.maximum-bytes",
            "TelemetryMegabytes",
            new Allowed(MEBIBYTES, 1, 65_536, 64),
            "Most memory that windows, objectives and history of all pools together take; of history, the oldest of the finest detail goes first."),
    METRICS_INTERVAL(
            "telemetry.metrics-interval",
            "MetricsIntervalMillis",
            new Allowed(MILLISECONDS, 1_000, 60_000, 1_000),
            "Time between two snapshots of the metrics, from which all who ask are answered."),
    RESOURCE_INTERVAL(
            "telemetry.resource-interval",
            "ResourceIntervalMillis",
            new Allowed(MILLISECONDS, 1_000, 600_000, 5_000),
            "Time between two samples of the machine, the JVM and the Python processes."),
    METRIC_PROGRAMS(
            "telemetry.programs",
            "MetricPrograms",
            new Allowed(PROGRAMS, 1, 10_000, 100),
            "Programs of a pool that have metrics of their own, and keep them; further ones are counted together."),
    METRIC_WORKERS(
            "telemetry.workers",
            "MetricWorkers",
            new Allowed(WORKERS, 1, 10_000, 512),
            "Workers of a pool that have metrics of their own, while there are calls of them; further ones are counted together."),
    METRIC_KEYS(
            "telemetry.keys",
            "MetricKeys",
            new Allowed(KEYS, 1, 10_000, 50),
            "Keys of a pool whose missed deadlines are counted by themselves; those of further ones are counted together."),
    METRIC_ERROR_TYPES(
            "telemetry.error-types",
            "MetricErrorTypes",
            new Allowed(ERROR_TYPES, 1, 10_000, 50),
            "Error types of a pool that are counted by themselves; further ones are counted together."),
    REQUEST_BUDGET(
            "memory.requests",
            "RequestBudgetMegabytes",
            new Allowed(MEBIBYTES, 1, 65_536, 128),
            "Most memory that request bodies above 64 KiB take together, until their calls have ended; beyond it they are refused with status 503. auto is a quarter of the heap, at least 72 MiB."),
    RESULT_BUDGET(
            "memory.results",
            "ResultBudgetMegabytes",
            new Allowed(MEBIBYTES, 1, 65_536, 128),
            "Most memory that results above 64 KiB take together, until their callers have got them; beyond it they wait in their workers, at most until the deadline. auto is a quarter of the heap, at least 72 MiB."),
    FINE_HISTORY(
            "history.fine",
            "FineHistoryMillis",
            new Allowed(MILLISECONDS, 60_000, 86_400_000, 3_600_000),
            "How long history is kept in steps of 5 s, if the memory for it suffices."),
    MEDIUM_HISTORY(
            "history.medium",
            "MediumHistoryMillis",
            new Allowed(MILLISECONDS, 60_000, 604_800_000, 86_400_000),
            "How long history is kept in steps of a minute, if the memory for it suffices."),
    COARSE_HISTORY(
            "history.coarse",
            "CoarseHistoryMillis",
            new Allowed(MILLISECONDS, 900_000, 31_536_000_000L, 2_592_000_000L),
            "How long history is kept in steps of 15 minutes, if the memory for it suffices."),
    STORED_MINUTES(
            "history.stored-minutes",
            "StoredMinutesMillis",
            new Allowed(MILLISECONDS, 3_600_000, 315_360_000_000L, 604_800_000),
            "How long what pools did in each minute is kept in the database."),
    STORED_QUARTERS(
            "history.stored-quarters",
            "StoredQuartersMillis",
            new Allowed(MILLISECONDS, 3_600_000, 315_360_000_000L, 34_560_000_000L),
            "How long what pools did in each quarter of an hour is kept in the database."),
    STORED_EVENTS(
            "history.stored-events",
            "StoredEventsMillis",
            new Allowed(MILLISECONDS, 3_600_000, 315_360_000_000L, 2_592_000_000L),
            "How long events of workers and pools are kept in the database."),
    CHANGE_FILE(
            "history.change-file",
            "ChangeFileMegabytes",
            new Allowed(MEBIBYTES, 1, 1_024, 16),
            "Length above which the change log begins a new file."),
    CHANGE_FILES(
            "history.change-files",
            "OlderChangeFiles",
            new Allowed(FILES, 1, 1_000, 10),
            "Files of the change log that are kept besides the one that grows; surplus ones are deleted when a new one begins."),
    ENDED_WORKERS(
            "history.ended-workers",
            "EndedWorkers",
            new Allowed(WORKERS, 0, 1_000, 20),
            "Workers of a pool that can still be looked at after they have ended."),
    DECISIONS(
            "history.decisions",
            "RecoveryDecisions",
            new Allowed(ParameterUnit.DECISIONS, 1, 1_000, 20),
            "Decisions about failures of workers that a pool shows."),
    LARGEST_INPUTS(
            "http.inputs",
            "LargestInputsMegabytes",
            new Allowed(MEBIBYTES, 1, 1_024, 64),
            "Longest body of a call by REST."),
    LARGEST_BODY(
            "http.bodies",
            "LargestBodyMegabytes",
            new Allowed(MEBIBYTES, 1, 64, 1),
            "Longest body of any other request."),
    BODY_PATIENCE(
            "http.body-patience",
            "BodyPatienceMillis",
            new Allowed(MILLISECONDS, 1_000, 3_600_000, 30_000),
            "How long a request body may take, and a second more for each 64 KiB; twice as long if its length is not said."),
    ANSWER_PATIENCE(
            "http.answer-patience",
            "AnswerPatienceMillis",
            new Allowed(MILLISECONDS, 1_000, 3_600_000, 60_000),
            "How long a client may take to read an answer, or one chunk of a stream, and a second more for each 64 KiB."),
    IDEMPOTENT_TIME(
            "http.idempotent-time",
            "IdempotentTimeMillis",
            new Allowed(MILLISECONDS, 1_000, 86_400_000, 600_000),
            "How long the answer of a call with an Idempotency-Key is kept."),
    IDEMPOTENT_KEYS(
            "http.idempotent-keys",
            "IdempotentKeys",
            new Allowed(KEYS, 1, 1_000_000, 10_000),
            "Most Idempotency-Keys that are remembered."),
    IDEMPOTENT_MEGABYTES(
            "http.idempotent-memory",
            "IdempotentMegabytes",
            new Allowed(MEBIBYTES, 1, 65_536, 32),
            "Most memory that answers of calls with an Idempotency-Key take together; beyond it the oldest go, and their keys are remembered."),
    IDEMPOTENT_ANSWER(
            "http.idempotent-answer",
            "IdempotentAnswerMegabytes",
            new Allowed(MEBIBYTES, 1, 1_024, 1),
            "Largest answer of a call with an Idempotency-Key that is kept."),
    FAILURE_PERIOD(
            "security.failure-period",
            "LoginFailurePeriodMillis",
            new Allowed(MILLISECONDS, 1_000, 86_400_000, 60_000),
            "Time in which an address or a name gets all its tries to log in back, one after the other."),
    FAILURES_PER_ADDRESS(
            "security.failures-per-address",
            "LoginFailuresPerAddress",
            new Allowed(TRIES, 1, 100_000, 10),
            "Logins that may fail from one address before it has to wait for the next try."),
    FAILURES_PER_NAME(
            "security.failures-per-name",
            "LoginFailuresPerName",
            new Allowed(TRIES, 1, 100_000, 20),
            "Logins that may fail with one name, from wherever, before it has to wait for the next try."),
    FAILURES_PER_PAIR(
            "security.failures-per-pair",
            "LoginFailuresPerPair",
            new Allowed(TRIES, 1, 100_000, 100),
            "Other passwords that may be tried for a name from an address before even the right one, which was verified there, has to wait."),
    LOGIN_SESSIONS(
            "security.sessions",
            "LoginSessions",
            new Allowed(SESSIONS, 1, 1_000_000, 10_000),
            "Most login sessions at a time; beyond it the one that was unused longest ends."),
    LOGIN_SESSION_IDLE(
            "security.session-idle-time",
            "LoginSessionIdleMillis",
            new Allowed(MILLISECONDS, 1_000, 2_592_000_000L, 1_800_000),
            "Time without a request after which a login session ends."),
    VERIFIED_LOGINS(
            "security.verified-logins",
            "VerifiedLogins",
            new Allowed(LOGINS, 1, 1_000_000, 1_000),
            "Most logins by HTTP Basic whose password is remembered as right, so that requests need not hash it again."),
    VERIFIED_TIME(
            "security.verified-time",
            "VerifiedLoginMillis",
            new Allowed(MILLISECONDS, 1_000, 31_536_000_000L, 604_800_000),
            "How long a password is remembered as right."),
    HASH_PATIENCE(
            "security.hash-patience",
            "HashPatienceMillis",
            new Allowed(MILLISECONDS, 100, 60_000, 2_000),
            "How long a login waits for its turn while other passwords are hashed."),
    JMX_PICTURE(
            "operations.jmx-picture",
            "JmxPictureMillis",
            new Allowed(MILLISECONDS, 0, 60_000, 1_000),
            "How long what the beans of JMX show comes from one picture; 0 means that each read looks anew."),
    STACKS_TIMEOUT(
            "operations.stacks-timeout",
            "StacksTimeoutMillis",
            new Allowed(MILLISECONDS, 100, 600_000, 5_000),
            "How long an operator waits for the stacks of a worker."),
    GARBAGE_TIMEOUT(
            "operations.garbage-timeout",
            "GarbageTimeoutMillis",
            new Allowed(MILLISECONDS, 1_000, 3_600_000, 60_000),
            "How long a worker may take to collect its garbage for an operator before it is replaced.");

    /** All of them, in the order of the documentation. */
    public static final Parameters<ServiceParameter> ALL = new Parameters<>("parameter", List.of(values()));

    private final String path;
    private final String attribute;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers, and functions without state
    private final Allowed allowed;

    private final String description;

    ServiceParameter(String path, String attribute, Allowed allowed, String description) {
        this.path = path;
        this.attribute = attribute;
        this.allowed = allowed;
        this.description = description;
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
        return this == REQUEST_BUDGET || this == RESULT_BUDGET;
    }

    @Override
    public Allowed allowed() {
        return allowed;
    }

    @Override
    public Effect effect() {
        return Effect.AT_ONCE;
    }

    @Override
    public String description() {
        return description;
    }
}
