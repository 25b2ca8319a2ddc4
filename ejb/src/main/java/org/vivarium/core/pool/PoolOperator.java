package org.vivarium.core.pool;

import static org.vivarium.core.config.PoolParameter.MAXIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.MINIMUM_WORKERS;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.LogLevel;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.IsolationView;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.api.view.worker.LoggerView;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.admission.CallPipeline;
import org.vivarium.core.breaker.Breakers;
import org.vivarium.core.breaker.CircuitBreaker;
import org.vivarium.core.changes.Change;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.InFlight;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.dispatch.SlotDispatcher;
import org.vivarium.core.health.WorkerCommands;
import org.vivarium.core.program.Isolation;
import org.vivarium.core.session.SessionTable;
import org.vivarium.core.supervision.PoolSupervisor;
import org.vivarium.core.worker.LoggerLevels;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/** Does what operators ask of a pool, and shows it to them. Thread safe. */
final class PoolOperator implements PoolControl {

    private final PoolContext parts;
    private final SlotDispatcher dispatcher;
    private final PoolSupervisor supervisor;
    private final PoolMonitor monitor;
    private final CallsInFlight calls;
    private final SessionTable sessionTable;
    private final CallPipeline pipeline;
    private final Isolation isolation;
    private final Breakers breakers;
    private final WorkerCommands commands;

    PoolOperator(Rooms rooms) {
        this.parts = rooms.parts();
        this.dispatcher = rooms.dispatcher();
        this.supervisor = rooms.supervisor();
        this.monitor = rooms.monitor();
        this.calls = rooms.calls();
        this.sessionTable = rooms.pipeline().sessions();
        this.pipeline = rooms.pipeline();
        this.isolation = rooms.isolation();
        this.breakers = rooms.breakers();
        this.commands = new WorkerCommands(parts, dispatcher, supervisor);
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
        Change change = change(actor, "resize").from(supervisor.demand().target(), size);
        make(change, () -> supervisor.resize(size, actor));
    }

    @Override
    public void recycle(String worker, Actor actor) {
        Worker old = alive(worker);
        make(
                change(actor, "recycle").about("worker", worker),
                () -> supervisor.recycle(old, TransitionReason.RECYCLED));
    }

    @Override
    public void recycle(String worker, TransitionReason reason) {
        supervisor.recycle(alive(worker), reason);
    }

    @Override
    public void rollingRestart(PythonSettings python, Actor actor) {
        if (supervisor.rollouts().isRunning()) {
            throw rolloutRunning();
        }
        make(change(actor, "rolling-restart"), () -> {
            if (!supervisor.rollOut(python, actor.name())) {
                throw rolloutRunning();
            }
        });
    }

    private PythonException rolloutRunning() {
        return ErrorType.ROLLOUT_RUNNING.exception(
                ErrorContext.of(name()),
                "a rolling restart of pool '%s' to generation %d is in progress (%s); wait until it has ended"
                        .formatted(
                                name(),
                                view().rollout().generation(),
                                view().rollout().state()));
    }

    @Override
    public void drain(Actor actor) {
        make(change(actor, "drain"), () -> dispatcher.refuse(NoSlotException.Reason.DRAINED));
    }

    @Override
    public void resume(Actor actor) {
        make(change(actor, "resume"), () -> dispatcher.refuse(null));
    }

    @Override
    public String dumpStacks(String worker) {
        try {
            return dump(worker).get();
        } catch (ExecutionException e) {
            throw notTaken(worker, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ErrorType.INTERRUPTED.exception(
                    ErrorContext.of(name()), "interrupted while worker %s was asked for its stacks".formatted(worker));
        }
    }

    @Override
    public CompletableFuture<String> dumpStacksAsync(String worker, Executor executor) {
        return dump(worker).handleAsync((stacks, failure) -> requireStacks(worker, stacks, failure), executor);
    }

    private CompletableFuture<String> dump(String worker) {
        return alive(worker)
                .requireProcess()
                .dumpStacks()
                .copy() // the dump itself may be waited for by others
                .orTimeout(stacksTimeoutMillis(), TimeUnit.MILLISECONDS);
    }

    private long stacksTimeoutMillis() {
        return parts.service().get().value(ServiceParameter.STACKS_TIMEOUT);
    }

    private String requireStacks(String worker, @Nullable String stacks, @Nullable Throwable failure) {
        if (stacks == null) {
            throw notTaken(worker, failure);
        }
        return stacks;
    }

    private PythonException notTaken(String worker, @Nullable Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        String why = cause instanceof TimeoutException ? " within " + stacksTimeoutMillis() + " ms" : ": " + cause;
        return ErrorType.STACKS_NOT_TAKEN.exception(
                ErrorContext.of(name()), "worker %s sent no stacks%s".formatted(worker, why));
    }

    @Override
    public long collectGarbage(String worker, Actor actor) {
        return commands.collectGarbage(alive(worker), actor);
    }

    @Override
    public List<LoggerView> loggerLevels() {
        return supervisor.registry().loggerLevels().all().entrySet().stream()
                .map(entry -> new LoggerView(entry.getKey(), entry.getValue().name()))
                .toList();
    }

    @Override
    public void setLoggerLevel(String logger, @Nullable LogLevel level, Actor actor) {
        LoggerLevels levels = supervisor.registry().loggerLevels();
        LogLevel before = levels.of(logger);
        make(
                change(actor, "set-logger-level").about("logger", logger).from(named(before), named(level)),
                () -> levels.set(logger, level));
    }

    private static String named(@Nullable LogLevel level) {
        return level == null ? "program" : level.name();
    }

    @Override
    public Page<CallView> calls(PageRequest page) {
        return calls.page(page);
    }

    @Override
    public List<CallView> inFlight() {
        return calls.view();
    }

    @Override
    public Map<String, Integer> slots() {
        return monitor.slots();
    }

    @Override
    public WorkerActivity activity() {
        return monitor.activity();
    }

    @Override
    public void cancel(String call, Actor actor) {
        InFlight found = calls.find(call);
        make(change(actor, "cancel").about("call", call), () -> found.cancelledBy(actor.name()));
    }

    @Override
    public Page<SessionView> sessions(PageRequest page) {
        return sessionTable.page(page, parts.clock().instant());
    }

    @Override
    public SessionTotals sessionTotals() {
        return sessionTable.totals();
    }

    @Override
    public void forgetSession(String session, Actor actor) {
        if (!sessionTable.contains(session)) {
            throw unknownSession(session);
        }
        make(change(actor, "forget-session").about("session", session), () -> {
            if (!sessionTable.forget(session)) {
                throw unknownSession(session);
            }
        });
    }

    private PythonException unknownSession(String session) {
        return ErrorType.UNKNOWN_SESSION.exception(
                ErrorContext.of(name()), "pool '%s' has no session '%s'".formatted(name(), session));
    }

    @Override
    public List<BreakerView> breakers() {
        return breakers.view();
    }

    @Override
    public void openBreaker(String program, Actor actor) {
        CircuitBreaker breaker = breakers.find(program);
        Change change = change(actor, "open-breaker")
                .about("program", program)
                .from(breaker.snapshot().mode(), "OPEN");
        make(change, () -> breaker.open(actor.name()));
    }

    @Override
    public void closeBreaker(String program, Actor actor) {
        CircuitBreaker breaker = breakers.find(program);
        Change change = change(actor, "close-breaker")
                .about("program", program)
                .from(breaker.snapshot().mode(), "CLOSED");
        make(change, () -> breaker.close(actor.name()));
    }

    private Worker alive(String worker) {
        return find(worker, supervisor.registry().workers().stream().filter(each -> each.process() != null));
    }

    private Worker find(String worker, Stream<Worker> among) {
        return among.filter(each -> each.name().equals(worker))
                .findFirst()
                .orElseThrow(() -> ErrorType.UNKNOWN_WORKER.exception(
                        ErrorContext.of(name()),
                        "pool '%s' has no worker '%s'; it has: %s"
                                .formatted(name(), worker, supervisor.registry().workers())));
    }

    @Override
    public List<IsolationView> isolation() {
        return isolation.view(pipeline.isolationTurns().waiting());
    }

    @Override
    public void releaseProgram(String program, Actor actor) {
        isolation.require(program);
        make(change(actor, "release").about("program", program), () -> isolation.releaseBy(program, actor.name()));
    }

    private Change change(Actor actor, String kind) {
        return Change.of(actor, kind, name());
    }

    /** Makes a change that is known to be possible, after it was recorded; says so if it was not possible any more. */
    private void make(Change change, Runnable how) {
        parts.changes().record(change);
        try {
            how.run();
        } catch (PythonException e) {
            parts.changes().refused(change, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    /** The parts of a pool that its operator reads or acts on. */
    record Rooms(
            PoolContext parts,
            SlotDispatcher dispatcher,
            PoolSupervisor supervisor,
            PoolMonitor monitor,
            CallsInFlight calls,
            CallPipeline pipeline,
            Isolation isolation,
            Breakers breakers) {}
}
