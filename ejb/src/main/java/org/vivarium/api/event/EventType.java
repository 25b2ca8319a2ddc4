package org.vivarium.api.event;

import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;

/**
 * All kinds of events, each described once: filters, logs, JMX and {@code docs/EVENTS.md} are derived from here.
 *
 * <p>The names are a contract: never rename one. Some are reserved for what is yet to come, and nobody publishes them.
 */
public enum EventType {
    /** A pool begins. */
    POOL_INIT("pool.init", PoolStarted.class, Level.INFO, "A pool begins to start its workers."),
    /** A pool ends. */
    POOL_TERMINATE(
            "pool.terminate", PoolStopped.class, Level.INFO, "A pool no longer takes calls and ends its workers."),
    /** The size of a pool changed. */
    POOL_RESIZED(
            "pool.resized", PoolResized.class, Level.DEBUG, "The number of workers that a pool keeps was changed."),
    /** Calls were refused. */
    POOL_EXHAUSTED(
            "pool.exhausted",
            PoolExhausted.class,
            Level.WARNING,
            "Calls were refused because the queue was full; published at most once a second."),
    /** New sessions were refused. */
    POOL_SESSIONS_REFUSED(
            "pool.sessions_refused",
            SessionsRefused.class,
            Level.WARNING,
            "Calls were refused because there are too many sessions or too much state of them; published at most once a second."),
    /** How many wait. */
    POOL_QUEUE_DEPTH(
            "pool.queue_depth",
            PoolQueued.class,
            Level.DEBUG,
            "How many callers wait; published once a second while some do, and once when none do any more."),
    /** How busy it is. */
    POOL_UTILIZATION(
            "pool.utilization",
            PoolUtilized.class,
            Level.DEBUG,
            "How many of the workers in service and of their slots are busy; published once a second while it changes."),
    /** A parameter changed. */
    POOL_CONFIGURED(
            "pool.configured", ConfigurationChanged.class, Level.DEBUG, "A parameter was changed while the pool runs."),
    /** Its programs changed. */
    POOL_PROGRAMS(
            "pool.programs",
            ProgramsChanged.class,
            Level.DEBUG,
            "The programs that a pool can call have changed, or are known for the first time."),
    /** A rolling restart went on. */
    POOL_ROLLOUT(
            "pool.rollout",
            RolloutChanged.class,
            Level.DEBUG,
            "A rolling restart progressed, ended, or was rolled back."),
    /** A rolling restart begins. */
    POOL_ROLLING_RESTART_START("pool.rolling_restart.start", SpanEvent.class, Level.DEBUG, "A rolling restart begins."),
    /** A rolling restart succeeded. */
    POOL_ROLLING_RESTART_STOP(
            "pool.rolling_restart.stop", SpanEvent.class, Level.DEBUG, "A rolling restart has replaced all workers."),
    /** A rolling restart failed. */
    POOL_ROLLING_RESTART_EXCEPTION(
            "pool.rolling_restart.exception", SpanEvent.class, Level.DEBUG, "A rolling restart was rolled back."),

    /** A worker starts. */
    WORKER_INIT_START("worker.init.start", SpanEvent.class, Level.DEBUG, "A worker is started."),
    /** A worker is ready. */
    WORKER_INIT_STOP("worker.init.stop", SpanEvent.class, Level.DEBUG, "A worker that was started is ready."),
    /** A worker could not start. */
    WORKER_INIT_EXCEPTION(
            "worker.init.exception", SpanEvent.class, Level.DEBUG, "A worker that was started did not become ready."),
    /** A worker changed its state. */
    WORKER_TRANSITION(
            "worker.transition",
            WorkerTransitioned.class,
            Level.DEBUG,
            "A worker changed its state; READY and BUSY alternations are worker.checkout and worker.checkin instead."),
    /** A worker got a call. */
    WORKER_CHECKOUT("worker.checkout", WorkerCheckedOut.class, Level.TRACE, "A worker was given a call."),
    /** A worker ended a call. */
    WORKER_CHECKIN(
            "worker.checkin", WorkerCheckedIn.class, Level.TRACE, "A worker has finished a call and can take another."),
    /** A health check begins. */
    WORKER_HEALTH_CHECK_START(
            "worker.health_check.start", SpanEvent.class, Level.DEBUG, "A health check of a worker begins."),
    /** A health check passed. */
    WORKER_HEALTH_CHECK_STOP(
            "worker.health_check.stop", SpanEvent.class, Level.DEBUG, "A worker has passed a health check."),
    /** A health check failed. */
    WORKER_HEALTH_CHECK_EXCEPTION(
            "worker.health_check.exception", SpanEvent.class, Level.DEBUG, "A worker has failed a health check."),
    /** A lost worker has been replaced. */
    WORKER_RECOVERY("worker.recovery", WorkerRecovered.class, Level.DEBUG, "A worker has replaced one that was lost."),
    /** A worker's process is gone. */
    WORKER_TERMINATE("worker.terminate", WorkerEnded.class, Level.DEBUG, "The process of a worker is gone."),

    /** A call begins. */
    CALL_START("call.start", CallStarted.class, Level.TRACE, "A call has come to the pool."),
    /** A call has its result. */
    CALL_STOP("call.stop", CallEnded.class, Level.TRACE, "A call has its result."),
    /** A call failed. */
    CALL_EXCEPTION("call.exception", CallEnded.class, Level.DEBUG, "A call has failed for good."),

    /** A session was bound. */
    SESSION_BOUND(
            "session.bound",
            SessionEvent.class,
            Level.TRACE,
            "A session was bound to a worker, for the first time or again because its worker had gone."),
    /** A call ran where its session is bound. */
    SESSION_HIT(
            "session.hit", SessionEvent.class, Level.TRACE, "A call runs in the worker that its session is bound to."),
    /** A call ran elsewhere. */
    SESSION_MISS(
            "session.miss",
            SessionEvent.class,
            Level.TRACE,
            "A call runs in another worker, because the one that its session is bound to is busy."),
    /** A session was forgotten. */
    SESSION_EXPIRED("session.expired", SessionEvent.class, Level.TRACE, "A session expired because nobody used it."),

    /** It was decided about a failure. */
    RECOVERY_DECIDED(
            "recovery.decided",
            RecoveryDecided.class,
            Level.DEBUG,
            "A worker failed, and it was decided what to do about it."),
    /** A breaker changed. */
    BREAKER_CHANGED(
            "breaker.changed",
            BreakerChanged.class,
            Level.DEBUG,
            "The circuit breaker of a program opened, half opened, or closed."),
    /** A program was isolated or released. */
    ISOLATION_CHANGED(
            "isolation.changed",
            IsolationChanged.class,
            Level.DEBUG,
            "A program was isolated because it kills workers, or released."),
    /** An objective is kept better or worse. */
    OBJECTIVE_LEVEL_CHANGED(
            "objective.level_changed",
            ObjectiveLevelChanged.class,
            Level.INFO,
            "The level of a target of a service objective has changed."),
    /** Something happened that should not. */
    ERROR_UNEXPECTED(
            "error.unexpected",
            UnexpectedError.class,
            Level.DEBUG,
            "The service itself failed unexpectedly: a defect, or a machine in trouble."),

    /** A process has ended, and nobody has taken notice. */
    RESOURCE_ZOMBIE(
            "resource.zombie",
            ProcessNoticed.class,
            Level.WARNING,
            "A process below ours has ended and was not reaped, in two samples in a row."),
    /** A process was left behind. */
    RESOURCE_ORPHAN(
            "resource.orphan",
            ProcessNoticed.class,
            Level.WARNING,
            "A process below ours has lost the process that started it, in two samples in a row."),
    /** A process is stopped. */
    RESOURCE_STOPPED(
            "resource.stopped",
            ProcessNoticed.class,
            Level.WARNING,
            "A process of ours is stopped by a signal, in two samples in a row."),
    /** A process grows and grows. */
    RESOURCE_GROWING(
            "resource.growing",
            ProcessNoticed.class,
            Level.WARNING,
            "The memory of a process of ours has been growing for 24 samples in a row, which is two minutes."),

    /** Reserved. */
    WARMUP_START("warmup.start", null, Level.DEBUG, "Reserved: the workers of a pool are warmed."),
    /** Reserved. */
    WARMUP_STOP("warmup.stop", null, Level.DEBUG, "Reserved: the workers of a pool have been warmed."),
    /** Reserved. */
    TUNING_DECIDED("tuning.decided", null, Level.DEBUG, "Reserved: the tuner has decided about a parameter."),
    /** Reserved. */
    ALERT_FIRING("alert.firing", null, Level.DEBUG, "Reserved: an alert has started to fire."),
    /** Reserved. */
    ALERT_RESOLVED("alert.resolved", null, Level.DEBUG, "Reserved: an alert has ended.");

    private static final int NAMES_OF_CONTEXT = 6;

    private static final Set<EventType> ON_REQUEST = EnumSet.of(
            CALL_START, WORKER_CHECKOUT, WORKER_CHECKIN, SESSION_BOUND, SESSION_HIT, SESSION_MISS, SESSION_EXPIRED);

    private static final Set<EventType> NOTIFIED = EnumSet.of(
            POOL_RESIZED,
            POOL_ROLLOUT,
            WORKER_TRANSITION,
            WORKER_TERMINATE,
            RECOVERY_DECIDED,
            BREAKER_CHANGED,
            ISOLATION_CHANGED,
            POOL_SESSIONS_REFUSED,
            OBJECTIVE_LEVEL_CHANGED,
            RESOURCE_ZOMBIE,
            RESOURCE_ORPHAN,
            RESOURCE_STOPPED,
            RESOURCE_GROWING);

    private final String dotted;
    private final @Nullable Class<? extends PoolEvent> record;
    private final Level level;
    private final String description;

    EventType(String dotted, @Nullable Class<? extends PoolEvent> record, Level level, String description) {
        this.dotted = dotted;
        this.record = record;
        this.level = level;
        this.description = description;
    }

    /** Returns the name in filters, logs and documents, such as {@code call.stop}. */
    public String dotted() {
        return dotted;
    }

    /** Returns the record of the event; {@code null} if it is reserved. */
    @Nullable Class<? extends PoolEvent> record() {
        return record;
    }

    /** Returns the level at which the event is logged. */
    public Level level() {
        return level;
    }

    /** Returns what has happened, as a sentence. */
    public String description() {
        return description;
    }

    /** Returns whether nobody publishes it yet. */
    public boolean isReserved() {
        return record == null;
    }

    /**
     * Returns whether it is one of many on the way of each call or session, so that it is published only while a filter
     * asks for it; all others always are.
     */
    public boolean isOnRequest() {
        return ON_REQUEST.contains(this);
    }

    /** Returns whether JMX clients are notified of it. */
    public boolean isNotified() {
        return NOTIFIED.contains(this);
    }

    /** Returns whether it happens once or more for each call. */
    public boolean isOfCalls() {
        return isOnRequest() || this == CALL_STOP || this == CALL_EXCEPTION;
    }

    /** Returns the names under which {@link PoolEvent#members()} may have values; none if it is reserved. */
    public List<String> members() {
        if (record == null) {
            return List.of();
        }
        return Arrays.stream(record.getRecordComponents())
                .filter(component -> component.getType() != EventType.class)
                .flatMap(component ->
                        component.getType() == CallContext.class ? contextNames() : Stream.of(component.getName()))
                .distinct()
                .toList();
    }

    private static Stream<String> contextNames() {
        CallContext all = new CallContext("", "", "", "", "", "", "");
        return all.toLogged().keySet().stream().limit(NAMES_OF_CONTEXT); // the trace is for programs, not for logs
    }
}
