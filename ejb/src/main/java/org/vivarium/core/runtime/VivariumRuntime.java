package org.vivarium.core.runtime;

import static org.vivarium.core.config.ServiceParameter.REQUEST_BUDGET;
import static org.vivarium.core.config.ServiceParameter.RESULT_BUDGET;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.event.ConfigurationChanged;
import org.vivarium.api.event.EventReporter;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.api.memory.MemoryBudgets;
import org.vivarium.core.changes.ChangeLog;
import org.vivarium.core.changes.ChangeRecorder;
import org.vivarium.core.config.Configuration;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolDefinition;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.SavedValues;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.config.ServiceParameterStore;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.history.HistoryWriter;
import org.vivarium.core.history.KeptEvents;
import org.vivarium.core.log.LogReporter;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.metrics.PoolMetrics;
import org.vivarium.core.metrics.PoolSample;
import org.vivarium.core.metrics.exposition.DropwizardGauges;
import org.vivarium.core.metrics.history.KeptHistory;
import org.vivarium.core.monitor.Monitoring;
import org.vivarium.core.monitor.SelfMonitor;
import org.vivarium.core.pool.PoolControl;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.process.cgroup.Cgroup;
import org.vivarium.core.process.cgroup.MemoryKills;
import org.vivarium.core.process.host.HostedProcess;
import org.vivarium.core.process.host.PythonHost;
import org.vivarium.core.resource.ProcessSource;
import org.vivarium.core.resource.ResourceMonitor;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.core.time.Ticker;

/** The whole object graph of the service: built in {@link #start}, taken down in {@link #close}. */
public final class VivariumRuntime implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(VivariumRuntime.class);

    private final Ticker ticker;
    private final PythonHost host;
    private final MemoryKills kills;
    private final ChangeRecorder changes;
    private final SavedValues saved;
    private final Configuration configuration;
    private final Function<Path, Configuration> reader;
    private final ServiceParameterStore service;
    private final Telemetry telemetry;
    private final MetricRegistry registry = new MetricRegistry();
    private final @Nullable HistoryWriter history;
    private final Metrics metrics;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService executor;
    private final ResourceMonitor resources;
    private final MemoryBudgets memory;
    private final SelfMonitor monitor;
    private final ConfigurationReload reload;
    private final Map<String, ParameterStore> stores = new LinkedHashMap<>();
    private final Map<String, ObjectiveStore> objectives = new LinkedHashMap<>();
    private final Map<String, SupervisedPool> pools = new LinkedHashMap<>();

    /** What there is before the configuration was read. */
    private record Ground(PythonHost host, MemoryKills kills, Ticker ticker, Lasting lasting) {}

    private VivariumRuntime(Ground ground, Function<Path, Configuration> reader, ThreadFactory threads) {
        this.host = ground.host();
        this.kills = ground.kills();
        this.changes = ground.lasting().changes();
        this.saved = ground.lasting().saved();
        this.reader = reader;
        this.configuration = readConfiguration();
        this.service = new ServiceParameterStore(configuration.service(), changes, saved);
        this.memory = new MemoryBudgets(
                new ByteBudget(service.current().bytes(REQUEST_BUDGET)),
                new ByteBudget(service.current().bytes(RESULT_BUDGET)));
        this.ticker = ground.ticker();
        this.telemetry = new Telemetry(threads, ticker, InstantSource.system());
        this.timer = new ScheduledThreadPoolExecutor(1, named(threads, "vivarium-timer"));
        timer.setRemoveOnCancelPolicy(true);
        this.resources = new ResourceMonitor(
                this::processes, ProcessSource.ofThisMachine(kills::sample), telemetry, ticker, InstantSource.system());
        this.executor = new CallExecutor(named(threads, "vivarium-call"));
        this.history = ground.lasting().openHistory(configuration.database(), service::current, threads);
        this.metrics = new Metrics(new Metrics.Dependencies(
                ticker, InstantSource.system(), telemetry::dropped, telemetry::publish, service::current, kept()));
        telemetry.addLog(new LogReporter());
        addReporters();
        configuration.pools().forEach(definition -> add(definition, threads));
        service.listen(this::changed);
        apply(service.current());
        this.reload = new ConfigurationReload(
                this::readConfiguration,
                configuration,
                new ConfigurationReload.Stores(service, Map.copyOf(stores), Map.copyOf(objectives)),
                changes);
        Supplier<String> log = changes instanceof ChangeLog kept ? kept::problem : () -> "";
        this.monitor = Monitoring.of(
                new Monitoring.Parts(telemetry, metrics, () -> HistoryWriter.statusOf(history), log, reload::problem),
                threads);
        telemetry.addHandler("metrics", metrics, event -> !event.pool().isEmpty()); // once it knows all pools
        if (history != null) {
            telemetry.addHandler("history", new KeptEvents(InstantSource.system(), history::keep), KeptEvents::wants);
        }
    }

    private void changed(ServiceSettings before, ServiceSettings after, Actor actor) {
        apply(after);
        for (ServiceParameter parameter : ServiceParameter.ALL) {
            if (!before.shown(parameter).equals(after.shown(parameter))) {
                telemetry.publish(new ConfigurationChanged(
                        "",
                        parameter.attribute(),
                        String.valueOf(before.shown(parameter)),
                        String.valueOf(after.shown(parameter)),
                        actor));
            }
        }
    }

    /** Hands on what is not read where it is needed. */
    private void apply(ServiceSettings settings) {
        telemetry.filter(settings.events());
        memory.requests().limit(settings.bytes(REQUEST_BUDGET));
        memory.results().limit(settings.bytes(RESULT_BUDGET));
        metrics.rememberIn(settings.bytes(ServiceParameter.TELEMETRY_MEGABYTES));
        if (changes instanceof ChangeLog log) {
            log.keep(new ChangeLog.Limits(
                    settings.bytes(ServiceParameter.CHANGE_FILE), settings.integer(ServiceParameter.CHANGE_FILES)));
        }
    }

    private KeptHistory kept() {
        return history == null ? KeptHistory.NOTHING : history;
    }

    private void addReporters() {
        try {
            for (EventReporter reporter :
                    ServiceLoader.load(EventReporter.class, VivariumRuntime.class.getClassLoader())) {
                telemetry.addReporter(reporter);
                LOG.info("events are reported by {}", reporter.name());
            }
        } catch (ServiceConfigurationError e) { // a jar that is broken must not keep the service from starting
            LOG.error("an event reporter cannot be loaded; this and later reporters are disabled", e);
        }
    }

    /**
     * Starts the service: sweeps what an earlier run left, unpacks Python, reads the configuration and starts all
     * pools. Returns before workers are ready.
     *
     * @param runs the directory below which the private directory of this run is made
     * @param python the zip of our Python files
     * @param reader reads the configuration, given the directory of the bundled examples
     * @param threads makes all threads of the service
     * @throws IOException if the run directory cannot be made
     */
    public static VivariumRuntime start(
            Path runs, InputStream python, Function<Path, Configuration> reader, ThreadFactory threads)
            throws IOException {
        return start(runs, python, reader, threads, Lasting.nothing());
    }

    /** Starts the service likewise, with what outlives it. */
    public static VivariumRuntime start(
            Path runs, InputStream python, Function<Path, Configuration> reader, ThreadFactory threads, Lasting lasting)
            throws IOException {
        Ticker ticker = Ticker.system();
        MemoryKills kills = new MemoryKills(Cgroup.ofThisProcess(), ticker);
        PythonHost host = PythonHost.open(runs, python, kills, ticker, threads);
        try {
            VivariumRuntime runtime = new VivariumRuntime(new Ground(host, kills, ticker, lasting), reader, threads);
            runtime.begin();
            return runtime;
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /**
     * Returns what is configured now, which need not be what the service runs with.
     *
     * @throws org.vivarium.core.config.ConfigurationException if there is a mistake outside of pools
     */
    Configuration readConfiguration() {
        return reader.apply(host.run().python().resolve("examples"));
    }

    private void add(PoolDefinition definition, ThreadFactory threads) {
        ParameterStore store = new ParameterStore(definition.name(), definition.configured(), changes, saved);
        store.listen((before, after, actor) -> {
            for (PoolParameter parameter : PoolParameter.values()) {
                if (before.value(parameter) != after.value(parameter)) {
                    telemetry.publish(new ConfigurationChanged(
                            definition.name(),
                            parameter.attribute(),
                            String.valueOf(before.shown(parameter)),
                            String.valueOf(after.shown(parameter)),
                            actor));
                }
            }
        });
        PoolContext parts = new PoolContext(
                definition,
                store,
                new HostedWorkers(host, kills),
                telemetry,
                ticker,
                InstantSource.system(),
                timer,
                service::current,
                memory.results());
        stores.put(definition.name(), store);
        SupervisedPool pool = new SupervisedPool(parts, threads, executor);
        pools.put(definition.name(), pool);
        PoolMetrics numbers = metrics.add(definition.name(), () -> sample(pool.control()), objectives(definition));
        DropwizardGauges.register(registry, definition.name(), numbers);
    }

    private static PoolSample sample(PoolControl pool) {
        return new PoolSample(pool.view(), pool.sessionTotals(), pool.inFlight(), pool.slots(), pool.activity());
    }

    private ObjectiveStore objectives(PoolDefinition definition) {
        ObjectiveStore store = new ObjectiveStore(definition.name(), definition.objectives(), changes, saved);
        store.listen((target, from, to, actor) -> telemetry.publish(new ConfigurationChanged(
                definition.name(), "objectives." + target, String.valueOf(from), String.valueOf(to), actor)));
        objectives.put(definition.name(), store);
        return store;
    }

    private void begin() {
        telemetry.start();
        monitor.start();
        configuration.brokenPools().forEach((pool, problem) -> LOG.error("pool '{}' cannot start: {}", pool, problem));
        pools.values().forEach(SupervisedPool::start);
    }

    private static ThreadFactory named(ThreadFactory threads, String name) {
        return task -> {
            Thread thread = threads.newThread(task);
            thread.setName(name);
            return thread;
        };
    }

    /** Returns the pools that could be built, by name. */
    public Map<String, SupervisedPool> pools() {
        return Map.copyOf(pools);
    }

    /** Returns the parameters of each pool that could be built. */
    public Map<String, ParameterStore> stores() {
        return Map.copyOf(stores);
    }

    /** Returns the parameters of the service as a whole. */
    public ServiceParameterStore service() {
        return service;
    }

    /** Returns the objectives of each pool that could be built. */
    public Map<String, ObjectiveStore> objectives() {
        return Map.copyOf(objectives);
    }

    /** Returns where changes are recorded. */
    public ChangeRecorder changes() {
        return changes;
    }

    /** Returns what was configured. */
    public Configuration configuration() {
        return configuration;
    }

    /** Returns who reads the configuration again. */
    public ConfigurationReload reload() {
        return reload;
    }

    /** Returns the Python processes of this run. */
    public PythonHost host() {
        return host;
    }

    /** Returns the stream of events. */
    public Telemetry telemetry() {
        return telemetry;
    }

    private List<HostedProcess> processes() {
        List<HostedProcess> processes = new ArrayList<>(host.processes());
        pools.values().forEach(pool -> processes.addAll(pool.processes()));
        return processes;
    }

    /** Returns who looks at machine, JVM and processes. */
    public ResourceMonitor resources() {
        return resources;
    }

    /** Returns how much of others' data is held. */
    public MemoryBudgets memory() {
        return memory;
    }

    /** Returns the Dropwizard registry. */
    public MetricRegistry registry() {
        return registry;
    }

    /** Returns the numbers of all pools. */
    public Metrics metrics() {
        return metrics;
    }

    /** Returns who looks at the monitoring itself. */
    public SelfMonitor monitor() {
        return monitor;
    }

    /** Returns who writes history that outlives the process; {@code null} if nobody does. */
    public @Nullable HistoryWriter history() {
        return history;
    }

    /** Returns where asynchronous calls are carried out. */
    public ExecutorService executor() {
        return executor;
    }

    /** Returns the clock of the service. */
    public Ticker ticker() {
        return ticker;
    }

    /**
     * Ends everything in order, in bounded time: calls are refused, running ones get their grace, then all processes
     * end.
     */
    @Override
    public void close() {
        List<CompletableFuture<Void>> closing = pools.values().stream()
                .map(pool -> CompletableFuture.runAsync(pool::close, executor))
                .toList();
        closing.forEach(VivariumRuntime::await);
        monitor.close();
        host.close();
        timer.shutdownNow();
        executor.shutdownNow();
        telemetry.close();
        metrics.end();
        if (history != null) {
            history.close();
        }
    }

    private static void await(CompletableFuture<Void> closing) {
        try {
            closing.join();
        } catch (CompletionException e) { // the others and the processes must end all the same
            LOG.error("a pool could not be closed", e.getCause());
        }
    }
}
