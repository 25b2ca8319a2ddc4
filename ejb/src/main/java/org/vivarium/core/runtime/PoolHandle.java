package org.vivarium.core.runtime;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.LogLevel;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.api.operation.PoolNumbers;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.IsolationView;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.ProgramView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.api.view.settings.ParameterChange;
import org.vivarium.api.view.settings.ParameterView;
import org.vivarium.api.view.worker.LoggerView;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.config.Configuration;
import org.vivarium.core.config.ConfigurationException;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolDefinition;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.metrics.PoolMetrics;
import org.vivarium.core.metrics.exposition.ServiceFamilies;
import org.vivarium.core.pool.PoolControl;
import org.vivarium.core.pool.SupervisedPool;

/** One pool for operators and callers; delegates, or says why the pool could not be configured. Thread safe. */
final class PoolHandle implements PoolOperations {
    private final VivariumRuntime runtime;
    private final String name;
    private final Instant since;
    private final String problem;
    private final @Nullable Running running;

    private PoolHandle(VivariumRuntime runtime, String name, Instant since, String problem, @Nullable Running running) {
        this.runtime = runtime;
        this.name = name;
        this.since = since;
        this.problem = problem;
        this.running = running;
    }

    /** Returns the handle of a pool that could be built. */
    static PoolHandle of(VivariumRuntime runtime, String name, Instant since) {
        Running running = new Running(
                Objects.requireNonNull(runtime.pools().get(name), name),
                Objects.requireNonNull(runtime.stores().get(name), name),
                Objects.requireNonNull(runtime.objectives().get(name), name),
                Objects.requireNonNull(runtime.metrics().pool(name), name));
        return new PoolHandle(runtime, name, since, "", running);
    }

    /** Returns the handle of a pool that cannot start, because of {@code problem}. */
    static PoolHandle failed(VivariumRuntime runtime, String name, String problem, Instant since) {
        return new PoolHandle(runtime, name, since, problem, null);
    }

    /** What there is of a pool that could be built. */
    private record Running(SupervisedPool pool, ParameterStore store, ObjectiveStore objectives, PoolMetrics metrics) {}

    private Running running() {
        Running current = running;
        if (current == null) {
            throw ErrorType.POOL_FAILED.exception(
                    ErrorContext.of(name), "pool '%s' cannot start: %s".formatted(name, problem));
        }
        return current;
    }

    private PoolControl control() {
        return running().pool().control();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public PoolView view() {
        return running == null
                ? PoolView.failed(name, problem, since)
                : running.metrics().sinceReset(control().view());
    }

    /** Returns the states of the pool and of its programs. */
    ServiceFamilies.Status status() {
        return running == null
                ? ServiceFamilies.Status.broken(view())
                : new ServiceFamilies.Status(
                        view(), running.metrics().latencies().programs().keySet(), breakers(), isolation());
    }

    /** Returns whether the pool starts its workers only once they are called for. */
    boolean isLazy() {
        return running != null && running.store().current().isOn(PoolParameter.LAZY);
    }

    @Override
    public PoolNumbers numbers() {
        Running current = running();
        return new NumbersHandle(
                current.metrics(), current.pool().control(), current.store().recorder());
    }

    @Override
    public List<WorkerView> workers() {
        return control().workers();
    }

    @Override
    public WorkerView worker(String worker) {
        return control().worker(worker);
    }

    @Override
    public List<ProgramView> programs() {
        return running().pool().calls().programs();
    }

    @Override
    public List<ParameterView> configuration() {
        return running().store().view();
    }

    @Override
    public List<ParameterChange> configure(Map<String, ?> changes, Actor actor) {
        return running().store().change(changes, actor);
    }

    @Override
    public List<ParameterChange> saveConfiguration(Collection<String> attributes, Actor actor) {
        return running().store().save(attributes, actor);
    }

    @Override
    public List<ParameterChange> revertConfiguration(Collection<String> attributes, Actor actor) {
        return running().store().revert(attributes, actor);
    }

    @Override
    public List<ParameterChange> changeObjectives(Map<String, ?> changes, Actor actor) {
        return running().objectives().change(changes, actor);
    }

    @Override
    public List<ParameterChange> saveObjectives(Collection<String> targets, Actor actor) {
        return running().objectives().save(targets, actor);
    }

    @Override
    public List<ParameterChange> revertObjectives(Collection<String> targets, Actor actor) {
        return running().objectives().revert(targets, actor);
    }

    @Override
    public void resize(int size, Actor actor) {
        control().resize(size, actor);
    }

    @Override
    public void recycle(String worker, Actor actor) {
        control().recycle(worker, actor);
    }

    @Override
    public void rollingRestart(Actor actor) {
        control().rollingRestart(python(), actor);
    }

    private PythonSettings python() {
        try {
            Configuration now = runtime.readConfiguration();
            String mistake = now.brokenPools().getOrDefault(name, "it is no longer configured");
            return now.pools().stream()
                    .filter(definition -> definition.name().equals(name))
                    .findFirst()
                    .map(PoolDefinition::python)
                    .orElseThrow(() -> notRestarted(mistake));
        } catch (ConfigurationException e) {
            throw notRestarted(String.valueOf(e.getMessage()));
        }
    }

    private PythonException notRestarted(String mistake) {
        return ErrorType.INVALID_CONFIGURATION.exception(
                ErrorContext.of(name), "pool '%s' is unchanged: %s".formatted(name, mistake));
    }

    @Override
    public void drain(Actor actor) {
        control().drain(actor);
    }

    @Override
    public void resume(Actor actor) {
        control().resume(actor);
    }

    @Override
    public String dumpStacks(String worker) {
        return control().dumpStacks(worker);
    }

    @Override
    public CompletableFuture<String> dumpStacksAsync(String worker) {
        return control().dumpStacksAsync(worker, runtime.executor());
    }

    @Override
    public long collectGarbage(String worker, Actor actor) {
        return control().collectGarbage(worker, actor);
    }

    @Override
    public List<LoggerView> loggerLevels() {
        return control().loggerLevels();
    }

    @Override
    public void setLoggerLevel(String logger, @Nullable LogLevel level, Actor actor) {
        control().setLoggerLevel(logger, level, actor);
    }

    @Override
    public CompletableFuture<Long> collectGarbageAsync(String worker, Actor actor) {
        // a thread for each free slot at most: who finds none is refused at once
        return CompletableFuture.supplyAsync(() -> collectGarbage(worker, actor), runtime.executor());
    }

    @Override
    public Payload call(String program, Payload inputs, CallOptions options) {
        return running().pool().calls().call(program, inputs, options);
    }

    @Override
    public CompletableFuture<Payload> callAsync(String program, Payload inputs, CallOptions options) {
        return running().pool().calls().callAsync(program, inputs, options, runtime.executor());
    }

    @Override
    public PayloadStream stream(String program, Payload inputs, CallOptions options) {
        return running().pool().calls().stream(program, inputs, options);
    }

    @Override
    public CompletableFuture<PayloadStream> streamAsync(String program, Payload inputs, CallOptions options) {
        return running().pool().calls().streamAsync(program, inputs, options, runtime.executor());
    }

    @Override
    public Page<CallView> calls(PageRequest page) {
        return control().calls(page);
    }

    @Override
    public void cancel(String call, Actor actor) {
        control().cancel(call, actor);
    }

    @Override
    public Page<SessionView> sessions(PageRequest page) {
        return control().sessions(page);
    }

    @Override
    public SessionTotals sessionTotals() {
        return control().sessionTotals();
    }

    @Override
    public void forgetSession(String session, Actor actor) {
        control().forgetSession(session, actor);
    }

    @Override
    public List<BreakerView> breakers() {
        return control().breakers();
    }

    @Override
    public void openBreaker(String program, Actor actor) {
        control().openBreaker(program, actor);
    }

    @Override
    public void closeBreaker(String program, Actor actor) {
        control().closeBreaker(program, actor);
    }

    @Override
    public List<IsolationView> isolation() {
        return control().isolation();
    }

    @Override
    public void releaseProgram(String program, Actor actor) {
        control().releaseProgram(program, actor);
    }
}
