package org.vivarium.adapter.jmx;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorDetails;
import org.vivarium.api.LogLevel;
import org.vivarium.api.ObjectiveLevel;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerHealth;
import org.vivarium.api.WorkerState;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.api.memory.MemoryBudgets;
import org.vivarium.api.operation.ChangeHistory;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.api.operation.PoolNumbers;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.HealthScoreView;
import org.vivarium.api.view.HealthView;
import org.vivarium.api.view.IsolationView;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolTotals.Counter;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.ProgramView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.StoredHistoryView;
import org.vivarium.api.view.changes.ChangeCheck;
import org.vivarium.api.view.changes.ChangeFilter;
import org.vivarium.api.view.changes.ChangeLogView;
import org.vivarium.api.view.changes.ChangeView;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.ErrorCount;
import org.vivarium.api.view.metrics.ErrorRates;
import org.vivarium.api.view.metrics.LatencyView;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.metrics.PerformanceSummary;
import org.vivarium.api.view.metrics.PoolWindow;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.api.view.metrics.RangeView;
import org.vivarium.api.view.metrics.WorkerMetrics;
import org.vivarium.api.view.metrics.WorkerRates;
import org.vivarium.api.view.monitor.SelfCheck;
import org.vivarium.api.view.monitor.SelfView;
import org.vivarium.api.view.objectives.ObjectiveSummary;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.api.view.settings.HttpLimits;
import org.vivarium.api.view.settings.LoginLimits;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.api.view.settings.ReloadView;
import org.vivarium.api.view.worker.DecisionView;
import org.vivarium.api.view.worker.LoggerView;
import org.vivarium.api.view.worker.RecoveryCount;
import org.vivarium.api.view.worker.RolloutView;
import org.vivarium.api.view.worker.StateTime;
import org.vivarium.api.view.worker.TransitionView;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.testing.Unseen;

/** One pool with one worker, which counts how often it is looked at and remembers what it was told. */
final class FakeOperations implements ServiceOperations, PoolOperations, PoolNumbers {
    static final Instant STARTED = Instant.parse("2026-11-21T00:00:00Z");

    private static final DecisionView DECISION =
            new DecisionView(STARTED, "default-1", "PROCESS_EXITED", "REPLACE_NOW", 0, "worker default-1 died");

    private static final ChangeView CHANGE = new ChangeView(
            7,
            STARTED,
            "ada",
            "rest",
            "10.0.0.7",
            "configure",
            "default",
            "parameter",
            "QueueLimit",
            1_000,
            -1,
            null,
            "refused",
            "QueueLimit must be 0 or more",
            "ab12");

    final List<String> told = new ArrayList<>();
    List<String> workers = List.of("default-1");
    Runnable onLook = () -> {};
    int looks;
    int busy;
    RuntimeException failure;

    @Override
    public List<PoolView> pools() {
        return List.of(snapshot());
    }

    @Override
    public ChangeHistory changes() {
        return new ChangeHistory() {
            @Override
            public Page<ChangeView> changes(ChangeFilter filter, PageRequest page) {
                told.add("changes " + page.after() + ' ' + page.limit());
                return new Page<>(List.of(CHANGE), null);
            }

            @Override
            public ChangeLogView status() {
                return new ChangeLogView(7, "ab12", "", CHANGE);
            }

            @Override
            public ChangeCheck verify() {
                return new ChangeCheck(false, 7, List.of("changes.jsonl, line 2: was edited"));
            }
        };
    }

    @Override
    public PoolOperations pool(String pool) {
        assertThat(pool).isEqualTo(name());
        return this;
    }

    @Override
    public String name() {
        return "default";
    }

    @Override
    public PoolNumbers numbers() {
        return this;
    }

    @Override
    public PoolView view() {
        looks++;
        onLook.run();
        assertThat(Thread.currentThread().getContextClassLoader()).isNotNull();
        return snapshot();
    }

    private PoolView snapshot() {
        PoolTotals totals = totals(Map.of(
                Counter.CALLS,
                10L,
                Counter.ERRORS,
                2L,
                Counter.CANCELLED,
                1L,
                Counter.TIMEOUTS,
                1L,
                Counter.RETRIES,
                4L,
                Counter.STARTED,
                3L,
                Counter.DIED,
                1L,
                Counter.RECOVERIES,
                1L));
        return new PoolView(
                "default",
                "RUNNING",
                null,
                1,
                4,
                2,
                2,
                2,
                busy,
                2 - busy,
                0,
                0,
                0,
                0,
                2,
                busy,
                0,
                0,
                7,
                totals,
                List.of(DECISION),
                Double.NaN,
                1,
                RolloutView.NONE,
                STARTED);
    }

    @Override
    public List<WorkerView> workers() {
        return workers.stream().map(FakeOperations::viewOf).toList();
    }

    @Override
    public WorkerView worker(String worker) {
        if (!worker.equals("default-1")) {
            throw PythonException.of(new ErrorDetails(
                    ErrorCategory.VALIDATION_ERROR,
                    "UnknownWorker",
                    "pool default has no worker " + worker,
                    null,
                    null,
                    ErrorContext.of(name(), null),
                    false));
        }
        return viewOf(worker);
    }

    /** Returns a worker of that name. */
    static WorkerView viewOf(String worker) {
        TransitionView ready =
                new TransitionView(WorkerState.INITIALIZING, WorkerState.READY, "HANDSHAKE", 12.4, STARTED, "pid 42");
        return new WorkerView(
                worker,
                "default",
                42,
                1,
                true,
                WorkerState.READY,
                WorkerHealth.HEALTHY,
                1,
                0,
                10,
                2,
                0,
                STARTED,
                null,
                0,
                "S",
                20_000_000,
                2_000_000,
                150,
                2,
                9,
                Map.of("READY", 12.5),
                1_000,
                2_000,
                List.of(ready));
    }

    @Override
    public ResourcesView resources() {
        return Unseen.RESOURCES;
    }

    @Override
    public List<ProgramView> programs() {
        return List.of();
    }

    @Override
    public List<ParameterView> configuration() {
        return List.of();
    }

    @Override
    public List<ParameterChange> configure(Map<String, ?> changes, Actor actor) {
        return List.of();
    }

    @Override
    public List<ParameterChange> saveConfiguration(Collection<String> attributes, Actor actor) {
        return List.of();
    }

    @Override
    public List<ParameterChange> revertConfiguration(Collection<String> attributes, Actor actor) {
        return List.of();
    }

    @Override
    public List<ParameterChange> changeObjectives(Map<String, ?> changes, Actor actor) {
        return List.of();
    }

    @Override
    public List<ParameterChange> saveObjectives(Collection<String> targets, Actor actor) {
        return List.of();
    }

    @Override
    public List<ParameterChange> revertObjectives(Collection<String> targets, Actor actor) {
        return List.of();
    }

    @Override
    public HttpLimits httpLimits() {
        return ServiceSettings.DEFAULT.http();
    }

    @Override
    public LoginLimits loginLimits() {
        return ServiceSettings.DEFAULT.logins();
    }

    @Override
    public ReloadView reload(Actor actor) {
        act("reload");
        return new ReloadView(List.of(), Map.of(), List.of(), Map.of());
    }

    @Override
    public SelfView self() {
        return new SelfView(
                false,
                Instant.EPOCH,
                List.of(
                        new SelfCheck("history", "disk full", Instant.EPOCH),
                        new SelfCheck("timers", "", Instant.EPOCH)));
    }

    @Override
    public StoredHistoryView storedHistory() {
        return new StoredHistoryView("", 1, 2, 3, 4);
    }

    @Override
    public String configurationProblem() {
        return "";
    }

    @Override
    public void resize(int size, Actor actor) {
        act("resize " + name() + " to " + size + " by " + actor.origin());
    }

    @Override
    public void recycle(String worker, Actor actor) {
        act("recycle " + worker(worker).id());
    }

    @Override
    public void rollingRestart(Actor actor) {
        act("rolling restart of " + name() + " by " + actor.origin());
    }

    @Override
    public void drain(Actor actor) {
        act("drain");
    }

    @Override
    public void resume(Actor actor) {
        act("resume");
    }

    @Override
    public String dumpStacks(String worker) {
        return "stacks of " + worker(worker).id();
    }

    @Override
    public CompletableFuture<String> dumpStacksAsync(String worker) {
        return CompletableFuture.completedFuture(dumpStacks(worker));
    }

    @Override
    public CompletableFuture<Long> collectGarbageAsync(String worker, Actor actor) {
        return CompletableFuture.completedFuture(collectGarbage(worker, actor));
    }

    @Override
    public long collectGarbage(String worker, Actor actor) {
        act("collect garbage of " + worker(worker).id() + " by " + actor.origin());
        return 7;
    }

    @Override
    public List<LoggerView> loggerLevels() {
        return List.of(new LoggerView("crm.db", "DEBUG"));
    }

    @Override
    public void setLoggerLevel(String logger, LogLevel level, Actor actor) {
        act("level of " + logger + " is " + level + " by " + actor.origin());
    }

    @Override
    public Payload call(String program, Payload inputs, CallOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Payload> callAsync(String program, Payload inputs, CallOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public PayloadStream stream(String program, Payload inputs, CallOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<PayloadStream> streamAsync(String program, Payload inputs, CallOptions options) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Page<CallView> calls(PageRequest page) {
        CallView call =
                new CallView("c-1", CallView.RUNNING, "sleep", "default-1", null, "k", null, 15, 12.5, 100, Double.NaN);
        return new Page<>(List.of(call), null);
    }

    @Override
    public void cancel(String call, Actor actor) {
        act("cancel " + call + " of " + name() + " by " + actor.origin());
    }

    @Override
    public Page<SessionView> sessions(PageRequest page) {
        return new Page<>(List.of(new SessionView("s1", STARTED, STARTED, 3, null, 12, 0)), null);
    }

    @Override
    public SessionTotals sessionTotals() {
        return new SessionTotals(7, 5, 1, 99, 1, 2, 3, 4, 12, 1_000, 100_000);
    }

    @Override
    public void forgetSession(String session, Actor actor) {
        act("forget " + session + " by " + actor.origin());
    }

    @Override
    public List<BreakerView> breakers() {
        return List.of(
                new BreakerView("echo", "OPEN", 5, STARTED, 4), new BreakerView("odd,name", "CLOSED", 0, null, 0));
    }

    @Override
    public void openBreaker(String program, Actor actor) {
        act("open " + program + " by " + actor.origin());
    }

    @Override
    public void closeBreaker(String program, Actor actor) {
        act("close " + program + " by " + actor.origin());
    }

    final MemoryBudgets memory = new MemoryBudgets(new ByteBudget(100 << 20), new ByteBudget(200 << 20));

    @Override
    public Executor executor() {
        return Runnable::run;
    }

    @Override
    public MemoryBudgets memory() {
        return memory;
    }

    @Override
    public HealthView health() {
        return new HealthView(Map.of());
    }

    @Override
    public MetricsView metrics(String window) {
        PoolNow now = new PoolNow(
                snapshot(),
                sessionTotals(),
                1,
                12.5,
                1,
                Map.of("p1", 3L),
                activity(),
                new HealthScoreView(93, "green", 0.9, 0.9, 1),
                ObjectiveSummary.NONE,
                7);
        ErrorCount boom = new ErrorCount("program_error", "ValueError", true, 2, 0.04);
        ErrorRates errors = new ErrorRates(window, 50, 10, 2, 0.2, List.of(boom));
        PoolWindow last = new PoolWindow(
                stats(window),
                LatencyView.NONE,
                LatencyView.NONE,
                LatencyView.NONE,
                LatencyView.NONE,
                LatencyView.NONE,
                LatencyView.NONE,
                new WorkerRates(20, 5, 1_000, 2_000),
                0.75,
                0.5,
                0,
                Double.NaN,
                errors);
        return new MetricsView(name(), STARTED, now, last, List.of());
    }

    private static WorkerActivity activity() {
        return new WorkerActivity(
                List.of(new StateTime(WorkerState.READY, 12.5, 3)),
                List.of(new RecoveryCount("PROCESS_EXITED", "REPLACE_NOW", 2)),
                Map.of("PASSED", 4L),
                1_000,
                2_000);
    }

    private static CallStats stats(String window) {
        LatencyView latency = new LatencyView(10, 1, 2, 3, 4, 5, 6);
        return new CallStats(window, 50, 10, 0.2, 0.2, 0.7, latency, latency, latency);
    }

    @Override
    public ProgramMetrics program(String program, String window) {
        return new ProgramMetrics(program, 10, 2, stats(window));
    }

    @Override
    public WorkerMetrics worker(String worker, String window) {
        return new WorkerMetrics(worker, 10, 2, stats(window));
    }

    @Override
    public ErrorRates errors(String window) {
        return metrics(window).window().errors();
    }

    @Override
    public RangeView range(Instant from, Instant to, Duration step) {
        return new RangeView(name(), from, to, step.toSeconds(), 0, List.of());
    }

    @Override
    public ObjectivesView objectives() {
        ObjectiveView slow = new ObjectiveView(
                "prep*", "duration", 2_000, 0.95, 1_600, 0.8, ObjectiveLevel.WARNING, 10, 0.5, 0.75, 0.5);
        return new ObjectivesView(
                name(), STARTED, new ObjectiveSummary(ObjectiveLevel.WARNING, 0.5, 0.75, 0.5), List.of(slow));
    }

    @Override
    public PerformanceSummary summary() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void reset(Actor actor) {
        act("reset " + name() + " by " + actor.origin());
    }

    @Override
    public byte[] metrics(MetricsFormat format) {
        throw new UnsupportedOperationException();
    }

    private void act(String what) {
        if (failure != null) {
            throw failure;
        }
        told.add(what);
    }

    private static PoolTotals totals(Map<Counter, Long> counted) {
        return PoolTotals.counted(counter -> counted.getOrDefault(counter, 0L));
    }

    @Override
    public List<IsolationView> isolation() {
        return List.of(new IsolationView("crash", STARTED, 3, STARTED, 2));
    }

    @Override
    public void releaseProgram(String program, Actor actor) {
        act("release " + program + " by " + actor.origin());
    }
}
