package org.vivarium.core.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorContext;
import org.vivarium.api.ErrorType;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.HealthView;
import org.vivarium.api.view.ParameterView;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.ProgramView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.metrics.ErrorRates;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.metrics.PerformanceSummary;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.api.view.metrics.RangeView;
import org.vivarium.api.view.metrics.WorkerMetrics;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.api.view.worker.RolloutView;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.config.Configuration;
import org.vivarium.core.config.ConfigurationException;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolDefinition;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.metrics.PoolMetrics;
import org.vivarium.core.metrics.exposition.PrometheusText;
import org.vivarium.core.metrics.windows.Window;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.resource.ResourceText;

/** Finds the pool and delegates; pools that could not be built answer with what is wrong with them. Thread safe. */
public final class Operations implements PoolOperations {
    private static final Logger LOG = LoggerFactory.getLogger(Operations.class);

    private final Map<String, SupervisedPool> pools;
    private final Map<String, ParameterStore> stores;
    private final Map<String, String> broken;
    private final VivariumRuntime runtime;
    private final Instant since = Instant.now();

    public Operations(VivariumRuntime runtime) {
        this.runtime = runtime;
        this.pools = runtime.pools();
        this.stores = runtime.stores();
        this.broken = runtime.configuration().brokenPools();
    }

    private SupervisedPool find(String pool) {
        SupervisedPool found = pools.get(pool);
        if (found == null) {
            throw missing(pool);
        }
        return found;
    }

    private PythonException missing(String pool) {
        String problem = broken.get(pool);
        ErrorContext where = ErrorContext.of(pool);
        return problem == null
                ? ErrorType.UNKNOWN_POOL.exception(
                        where, "there is no pool '%s'; there are: %s".formatted(pool, String.join(", ", names())))
                : ErrorType.POOL_FAILED.exception(where, "pool '%s' cannot start: %s".formatted(pool, problem));
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>(pools.keySet());
        names.addAll(broken.keySet());
        return names;
    }

    @Override
    public List<PoolView> pools() {
        List<PoolView> views = new ArrayList<>();
        pools.values().forEach(pool -> views.add(view(pool)));
        broken.keySet().forEach(pool -> views.add(failed(pool)));
        views.sort(Comparator.comparing(PoolView::name));
        return views;
    }

    @Override
    public PoolView pool(String pool) {
        return broken.containsKey(pool) ? failed(pool) : view(find(pool));
    }

    private PoolView view(SupervisedPool pool) {
        return numbers(pool.name()).sinceReset(pool.control().view());
    }

    private PoolMetrics numbers(String pool) {
        PoolMetrics numbers = runtime.metrics().pool(pool);
        if (numbers == null) {
            throw missing(pool);
        }
        return numbers;
    }

    private PoolView failed(String pool) {
        return new PoolView(
                pool,
                "FAILED",
                broken.get(pool),
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                PoolTotals.NONE,
                List.of(),
                Double.NaN,
                0,
                RolloutView.NONE,
                since);
    }

    @Override
    public List<WorkerView> workers(String pool) {
        return find(pool).control().workers();
    }

    @Override
    public WorkerView worker(String pool, String worker) {
        return find(pool).control().worker(worker);
    }

    @Override
    public List<ProgramView> programs(String pool) {
        return find(pool).calls().programs();
    }

    private ParameterStore store(String pool) {
        ParameterStore store = stores.get(pool);
        if (store == null) {
            throw missing(pool);
        }
        return store;
    }

    @Override
    public List<ParameterView> configuration(String pool) {
        return store(pool).view();
    }

    @Override
    public List<ParameterView> configure(String pool, Map<String, ?> changes, Actor actor) {
        ParameterStore store = store(pool);
        store.change(changes, actor);
        return store.view();
    }

    @Override
    public void resize(String pool, int size, Actor actor) {
        find(pool).control().resize(size, actor);
    }

    @Override
    public void recycle(String pool, String worker, Actor actor) {
        find(pool).control().recycle(worker, actor);
    }

    @Override
    public void rollingRestart(String pool, Actor actor) {
        find(pool).control().rollingRestart(python(pool), actor);
    }

    private PythonSettings python(String pool) {
        try {
            Configuration now = runtime.readConfiguration();
            String problem = now.brokenPools().getOrDefault(pool, "it is not configured any more");
            return now.pools().stream()
                    .filter(definition -> definition.name().equals(pool))
                    .findFirst()
                    .map(PoolDefinition::python)
                    .orElseThrow(() -> notRestarted(pool, problem));
        } catch (ConfigurationException e) {
            throw notRestarted(pool, String.valueOf(e.getMessage()));
        }
    }

    private static PythonException notRestarted(String pool, String problem) {
        return ErrorType.INVALID_CONFIGURATION.exception(
                ErrorContext.of(pool), "pool '%s' serves on as it is: %s".formatted(pool, problem));
    }

    @Override
    public void drain(String pool, Actor actor) {
        find(pool).control().drain(actor);
    }

    @Override
    public void resume(String pool, Actor actor) {
        find(pool).control().resume(actor);
    }

    @Override
    public String dumpStacks(String pool, String worker) {
        return find(pool).control().dumpStacks(worker);
    }

    @Override
    public Payload call(String pool, String program, Payload inputs, CallOptions options) {
        return find(pool).calls().call(program, inputs, options);
    }

    /** Calls a program without holding the caller's thread; cancelling the future cancels the call. */
    public CompletableFuture<Payload> callAsync(String pool, String program, Payload inputs, CallOptions options) {
        return find(pool).calls().callAsync(program, inputs, options, runtime.executor());
    }

    @Override
    public PayloadStream stream(String pool, String program, Payload inputs, CallOptions options) {
        return find(pool).calls().stream(program, inputs, options);
    }

    @Override
    public List<CallView> calls(String pool) {
        return find(pool).control().inFlight();
    }

    @Override
    public void cancel(String pool, String call, Actor actor) {
        find(pool).control().cancel(call, actor);
    }

    @Override
    public List<SessionView> sessions(String pool) {
        return find(pool).control().sessions();
    }

    @Override
    public SessionTotals sessionTotals(String pool) {
        return find(pool).control().sessionTotals();
    }

    @Override
    public void forgetSession(String pool, String session, Actor actor) {
        find(pool).control().forgetSession(session, actor);
    }

    @Override
    public List<BreakerView> breakers(String pool) {
        return find(pool).control().breakers();
    }

    @Override
    public void openBreaker(String pool, String program, Actor actor) {
        find(pool).control().openBreaker(program, actor);
    }

    @Override
    public void closeBreaker(String pool, String program, Actor actor) {
        find(pool).control().closeBreaker(program, actor);
    }

    @Override
    public MetricsView metrics(String pool, String window) {
        return numbers(pool).view(Window.of(window));
    }

    @Override
    public ProgramMetrics programMetrics(String pool, String program, String window) {
        return numbers(pool).program(program, Window.of(window));
    }

    @Override
    public WorkerMetrics workerMetrics(String pool, String worker, String window) {
        return numbers(pool).worker(worker(pool, worker).id(), Window.of(window));
    }

    @Override
    public ErrorRates errorRates(String pool, String window) {
        return numbers(pool).errors(Window.of(window));
    }

    @Override
    public RangeView metricsRange(String pool, Instant from, Instant to, Duration step) {
        return numbers(pool).range(from, to, step);
    }

    @Override
    public ObjectivesView objectives(String pool) {
        return numbers(pool).objectives();
    }

    @Override
    public PerformanceSummary summary(String pool) {
        return numbers(pool).summary();
    }

    @Override
    public void resetStatistics(String pool, Actor actor) {
        numbers(pool).reset();
        LOG.info("{} resets the statistics of pool '{}'", actor.name(), pool);
    }

    @Override
    public String prometheus() {
        return PrometheusText.of(runtime.metrics())
                + ResourceText.of(runtime.resources().view());
    }

    @Override
    public ResourcesView resources() {
        return runtime.resources().view();
    }

    @Override
    public HealthView health() {
        Map<String, String> states = new LinkedHashMap<>();
        boolean up = true;
        for (PoolView pool : pools()) {
            states.put(pool.name(), pool.problem() == null ? pool.state() : pool.state() + ": " + pool.problem());
            up &= pool.ready() > 0 || isLazy(pool);
        }
        return new HealthView(up, states);
    }

    /** Returns whether a pool has no worker only because it starts them when they are called for. */
    private boolean isLazy(PoolView pool) {
        ParameterStore store = stores.get(pool.name());
        return store != null && pool.problem() == null && store.current().isOn(PoolParameter.LAZY);
    }
}
