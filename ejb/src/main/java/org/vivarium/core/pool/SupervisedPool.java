package org.vivarium.core.pool;

import static org.vivarium.core.config.PoolParameter.LAZY;
import static org.vivarium.core.config.PoolParameter.MAXIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.MINIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.QUEUE_LIMIT;
import static org.vivarium.core.config.PoolParameter.SESSION_TIMEOUT;
import static org.vivarium.core.config.PoolParameter.STOP_GRACE;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.PythonException;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.ProgramsChanged;
import org.vivarium.api.event.SessionEvent;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.admission.CallPipeline;
import org.vivarium.core.breaker.Breakers;
import org.vivarium.core.call.CallFailures;
import org.vivarium.core.call.CallLedger;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.PythonSettings;
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
import org.vivarium.core.program.ProgramCatalog;
import org.vivarium.core.supervision.LifeCycleThread;
import org.vivarium.core.supervision.PoolSupervisor;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/** One pool, put together: the path of its calls, its supervisor, its health checks and its pictures. Thread safe. */
public final class SupervisedPool implements PoolControl, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SupervisedPool.class);
    private static final Duration STACKS_WITHIN = Duration.ofSeconds(5);

    private final PoolContext parts;
    private final SlotDispatcher dispatcher;
    private final PoolSupervisor supervisor;
    private final HealthChecks health;
    private final Heartbeats heartbeats;
    private final ResourceWatch resources;
    private final PoolMonitor monitor;
    private final CallPipeline pool;
    private final CallsInFlight calls;
    private final Breakers breakers;
    private final PoolEvents pulse;

    /** Builds the pool; no process is started yet. {@code executor} may block in its tasks. */
    public SupervisedPool(PoolContext parts, ThreadFactory threads, Executor executor) {
        this.parts = parts;
        SlotTable table = new SlotTable();
        this.breakers = new Breakers(parts);
        ProgramCatalog catalog = new ProgramCatalog(
                breakers::of, names -> parts.telemetry().publish(new ProgramsChanged(parts.name(), names)));
        PoolCounters counters = new PoolCounters();
        LifeCycleThread lifeCycle = new LifeCycleThread(parts.name(), threads, parts.timer(), executor);
        this.supervisor = new PoolSupervisor(parts, lifeCycle, table, catalog, counters);
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
        CallLedger ledger = new CallLedger(parts, counters, catalog);
        this.pool = new CallPipeline(new CallPath(parts, dispatcher, ledger, failures, supervisor, executor), catalog);
        this.calls = new CallsInFlight(parts, supervisor);
        this.monitor = new PoolMonitor(parts, supervisor, new WaitingCalls(dispatcher, pool), counters);
        this.pulse = new PoolEvents(parts, lifeCycle, monitor::view);
    }

    /** Returns how many calls may wait for a slot now: those that wait for a permit count as well. */
    private int queueLimit() {
        return parts.store().current().integer(QUEUE_LIMIT) - pool.bulkheads().waiting();
    }

    /** Starts the minimum of workers, in parallel, or waits for the first call if it is lazy; returns at once. */
    public void start() {
        parts.store().listen((before, after, actor) -> supervisor.follow(after, actor.name()));
        PoolSettings settings = parts.store().current();
        pulse.start(settings.integer(MINIMUM_WORKERS), settings.isOn(LAZY));
        supervisor.start(settings.integer(MINIMUM_WORKERS), settings.isOn(LAZY));
    }

    /** Returns the path of calls. */
    public CallPipeline calls() {
        return pool;
    }

    @Override
    public String name() {
        return parts.name();
    }

    @Override
    public PoolView view() {
        return monitor.view();
    }

    @Override
    public List<WorkerView> workers() {
        return supervisor.registry().workers().stream().map(monitor::view).toList();
    }

    /** Returns the processes of its workers, with what {@link #checkResources} has seen of them. */
    public List<HostedProcess> processes() {
        return supervisor.registry().workers().stream()
                .map(worker -> new HostedProcess(
                        worker.pid(), ProcessRole.WORKER, worker.name(), parts.name(), worker.sighting()))
                .toList();
    }

    @Override
    public WorkerView worker(String worker) {
        return monitor.view(find(
                worker,
                Stream.concat(supervisor.registry().workers().stream(), supervisor.registry().ended().stream())));
    }

    @Override
    public void resize(int size, Actor actor) {
        PoolSettings settings = parts.store().current();
        int minimum = settings.integer(MINIMUM_WORKERS);
        int maximum = settings.integer(MAXIMUM_WORKERS);
        if (size < minimum || size > maximum) {
            throw new IllegalArgumentException("size must be from MinimumWorkers = %d to MaximumWorkers = %d, was %d"
                    .formatted(minimum, maximum, size));
        }
        supervisor.resize(size, actor.name());
    }

    @Override
    public void recycle(String worker, Actor actor) {
        Worker old = alive(worker);
        LOG.info("pool '{}': {} recycles {}", name(), actor.name(), worker);
        supervisor.recycle(old, TransitionReason.RECYCLED);
    }

    @Override
    public void recycle(String worker, TransitionReason reason) {
        supervisor.recycle(alive(worker), reason);
    }

    @Override
    public void rollingRestart(PythonSettings python, Actor actor) {
        LOG.info("pool '{}': {} asks for a rolling restart", name(), actor.name());
        if (!supervisor.rollOut(python, actor.name())) {
            throw PythonException.of(new ErrorDetails(
                    ErrorCategory.VALIDATION_ERROR,
                    "RolloutRunning",
                    "pool '%s' has a rolling restart to generation %d that goes on (%s); wait until it has ended"
                            .formatted(
                                    name(),
                                    view().rollout().generation(),
                                    view().rollout().state()),
                    null,
                    null,
                    ErrorContext.of(name(), null),
                    true));
        }
    }

    @Override
    public void drain(Actor actor) {
        LOG.info("{} drains pool '{}'", actor.name(), name());
        dispatcher.refuse(NoSlotException.Reason.DRAINED);
    }

    @Override
    public void resume(Actor actor) {
        LOG.info("{} resumes pool '{}'", actor.name(), name());
        dispatcher.refuse(null);
    }

    @Override
    public String dumpStacks(String worker) {
        try {
            return alive(worker).requireProcess().dumpStacks().get(STACKS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw system(
                    "StacksNotTaken", "worker %s gave no stacks within %s: %s".formatted(worker, STACKS_WITHIN, e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw system("Interrupted", "interrupted while worker %s was asked for its stacks".formatted(worker));
        }
    }

    @Override
    public List<CallView> inFlight() {
        return calls.view();
    }

    @Override
    public void cancel(String call, Actor actor) {
        LOG.info("pool '{}': {} cancels call {}", name(), actor.name(), call);
        calls.cancel(call, actor);
    }

    @Override
    public List<SessionView> sessions() {
        return pool.sessions().view(parts.clock().instant());
    }

    @Override
    public SessionTotals sessionTotals() {
        return pool.sessions().totals();
    }

    @Override
    public void forgetSession(String session, Actor actor) {
        if (!pool.sessions().forget(session)) {
            throw PythonException.of(new ErrorDetails(
                    ErrorCategory.VALIDATION_ERROR,
                    "UnknownSession",
                    "pool '%s' has no session '%s'".formatted(name(), session),
                    null,
                    null,
                    ErrorContext.of(name(), null),
                    false));
        }
        LOG.info("pool '{}': {} forgets session '{}'", name(), actor.name(), session);
    }

    @Override
    public List<BreakerView> breakers() {
        return breakers.view();
    }

    @Override
    public void openBreaker(String program, Actor actor) {
        breakers.find(program).open(actor.name());
    }

    @Override
    public void closeBreaker(String program, Actor actor) {
        breakers.find(program).close(actor.name());
    }

    private PythonException system(String type, String message) {
        return PythonException.of(new ErrorDetails(
                ErrorCategory.SYSTEM_ERROR, type, message, null, null, ErrorContext.of(name(), null), false));
    }

    private Worker alive(String worker) {
        return find(worker, supervisor.registry().workers().stream().filter(each -> each.process() != null));
    }

    private Worker find(String worker, Stream<Worker> among) {
        return among.filter(each -> each.name().equals(worker))
                .findFirst()
                .orElseThrow(() -> PythonException.of(new ErrorDetails(
                        ErrorCategory.VALIDATION_ERROR,
                        "UnknownWorker",
                        "pool '%s' has no worker '%s'; it has: %s"
                                .formatted(name(), worker, supervisor.registry().workers()),
                        null,
                        null,
                        ErrorContext.of(name(), null),
                        false)));
    }

    @Override
    public void sweepSessions() {
        int swept = pool.sessions().sweep(parts.store().current().duration(SESSION_TIMEOUT), this::tellExpired);
        LOG.debug("pool '{}': forgot {} sessions", name(), swept);
    }

    private void tellExpired(String session) {
        if (parts.telemetry().wants(EventType.SESSION_EXPIRED)) {
            CallContext context = CallContext.NONE.withSession(session);
            parts.telemetry().publish(new SessionEvent(EventType.SESSION_EXPIRED, name(), null, context));
        }
    }

    @Override
    public void checkHealth() {
        health.sweep();
    }

    @Override
    public void checkHeartbeats() {
        heartbeats.look();
    }

    @Override
    public void checkResources() {
        resources.sweep();
    }

    /** Refuses all calls, gives running ones the grace of StopGraceMillis to end, and lets go of all workers. */
    @Override
    public void close() {
        pulse.stop();
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
