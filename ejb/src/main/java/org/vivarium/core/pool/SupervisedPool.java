package org.vivarium.core.pool;

import static org.vivarium.core.config.PoolParameter.LAZY;
import static org.vivarium.core.config.PoolParameter.MINIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.QUEUE_LIMIT;
import static org.vivarium.core.config.PoolParameter.SESSION_TIMEOUT;
import static org.vivarium.core.config.PoolParameter.STOP_GRACE;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.CallContext;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.ProgramsChanged;
import org.vivarium.api.event.SessionEvent;
import org.vivarium.core.admission.CallPipeline;
import org.vivarium.core.breaker.Breakers;
import org.vivarium.core.call.CallFailures;
import org.vivarium.core.call.CallLedger;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.context.PoolCounters;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.dispatch.SlotDispatcher;
import org.vivarium.core.dispatch.SlotTable;
import org.vivarium.core.health.HealthChecks;
import org.vivarium.core.health.Heartbeats;
import org.vivarium.core.health.ResourceWatch;
import org.vivarium.core.process.host.HostedProcess;
import org.vivarium.core.process.procfs.ProcessSampler;
import org.vivarium.core.program.Isolation;
import org.vivarium.core.program.ProgramCatalog;
import org.vivarium.core.program.Programs;
import org.vivarium.core.supervision.LifeCycleThread;
import org.vivarium.core.supervision.PoolSupervisor;

/** One pool, put together: the path of its calls, its supervisor, its health checks and its snapshots. Thread safe. */
public final class SupervisedPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedPool.class);

    private final PoolContext parts;
    private final SlotDispatcher dispatcher;
    private final PoolSupervisor supervisor;
    private final HealthChecks health;
    private final Heartbeats heartbeats;
    private final ResourceWatch resources;
    private final PoolMonitor monitor;
    private final CallPipeline pool;
    private final PoolControl control;
    private final PoolEvents events;

    /** Builds the pool; no process is started yet. {@code executor} may block in its tasks. */
    public SupervisedPool(PoolContext parts, ThreadFactory threads, Executor executor) {
        this.parts = parts;
        SlotTable table = new SlotTable();
        Breakers breakers = new Breakers(parts);
        ProgramCatalog catalog = new ProgramCatalog(
                breakers::of, names -> parts.telemetry().publish(new ProgramsChanged(parts.name(), names)));
        Programs programs = new Programs(catalog, new Isolation(parts));
        PoolCounters counters = new PoolCounters();
        LifeCycleThread lifeCycle = new LifeCycleThread(parts.name(), threads, parts.timer(), executor);
        this.supervisor = new PoolSupervisor(parts, lifeCycle, table, programs, counters);
        this.dispatcher =
                new SlotDispatcher(table, parts.ticker(), this::queueLimit, supervisor::handOver, parts.timer());
        supervisor.serve(dispatcher);
        this.health = new HealthChecks(parts, dispatcher, supervisor, executor);
        this.heartbeats = new Heartbeats(parts, supervisor, health);
        this.resources = new ResourceWatch(
                parts,
                supervisor,
                ProcessSampler.ofThisMachine(),
                () -> ThreadLocalRandom.current().nextDouble());
        CallFailures failures = new CallFailures(parts.name(), parts.ticker());
        CallLedger ledger = new CallLedger(parts, counters, programs);
        this.pool = new CallPipeline(new CallPath(parts, dispatcher, ledger, failures, supervisor, programs, executor));
        this.monitor = new PoolMonitor(parts, supervisor, health, new WaitingCalls(dispatcher, pool), counters);
        this.events = new PoolEvents(
                parts, lifeCycle, monitor::view, () -> pool.sessions().totals());
        this.control = new PoolOperator(new PoolOperator.Rooms(
                parts,
                dispatcher,
                supervisor,
                monitor,
                new CallsInFlight(parts, supervisor, pool.waiting()),
                pool,
                programs.isolation(),
                breakers));
    }

    /** Returns how many calls may wait for a slot now: those that wait for anything else count as well. */
    private int queueLimit() {
        return parts.store().current().integer(QUEUE_LIMIT) - pool.waitingBefore();
    }

    /** Starts the minimum of workers, in parallel, or waits for the first call if it is lazy; returns at once. */
    public void start() {
        parts.store().listen((before, after, actor) -> supervisor.follow(after, actor.name()));
        PoolSettings settings = parts.store().current();
        events.start(settings.integer(MINIMUM_WORKERS), settings.isOn(LAZY));
        supervisor.start(settings.integer(MINIMUM_WORKERS), settings.isOn(LAZY));
    }

    /** Returns the path of calls. */
    public CallPipeline calls() {
        return pool;
    }

    /** Returns what operators may ask of the pool. */
    public PoolControl control() {
        return control;
    }

    /** Returns the pool's name. */
    public String name() {
        return parts.name();
    }

    /** Returns the processes of its workers, with what {@link #checkResources} has seen of them. */
    public List<HostedProcess> processes() {
        return supervisor.registry().workers().stream()
                .map(worker -> new HostedProcess(
                        worker.pid(), ProcessRole.WORKER, worker.name(), parts.name(), worker.lastSample()))
                .toList();
    }

    /** Forgets the sessions that nobody has used for SessionTimeoutMillis; for a timer. */
    public void sweepSessions() {
        int swept = pool.sessions().sweep(parts.store().current().duration(SESSION_TIMEOUT), this::tellExpired);
        LOG.debug("pool '{}': removed {} expired sessions", name(), swept);
    }

    private void tellExpired(String session) {
        if (parts.telemetry().wants(EventType.SESSION_EXPIRED)) {
            CallContext context = CallContext.NONE.withSession(session);
            parts.telemetry().publish(new SessionEvent(EventType.SESSION_EXPIRED, name(), null, context));
        }
    }

    /** Checks all idle workers now; for a timer. */
    public void checkHealth() {
        health.sweep();
    }

    /**
     * Looks for workers that have fallen silent; never waits. To be called about once a second, never twice at once.
     */
    public void checkHeartbeats() {
        heartbeats.sweep();
    }

    /** Looks at what all workers use now, and ends or replaces those that use too much; for a timer. */
    public void checkResources() {
        resources.sweep();
    }

    /** Refuses all calls, gives running ones StopGraceMillis to end, and releases all workers. */
    @Override
    public void close() {
        events.stop();
        dispatcher.refuse(NoSlotException.Reason.STOPPED);
        pool.close();
        long end = parts.ticker().nanos() + parts.store().current().nanos(STOP_GRACE);
        while (monitor.hasCalls()
                && parts.ticker().nanos() - end < 0
                && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(this, Duration.ofMillis(5).toNanos());
        }
        supervisor.close();
        health.close();
    }
}
