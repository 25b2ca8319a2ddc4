package org.vivarium.adapter.jmx;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.DescribedMBean;
import org.vivarium.adapter.jmx.mbean.MBeanRegistry;
import org.vivarium.adapter.jmx.mbean.Measured;
import org.vivarium.adapter.jmx.mbean.MeasuredMBean;
import org.vivarium.adapter.jmx.pool.BreakerBean;
import org.vivarium.adapter.jmx.pool.IsolationBean;
import org.vivarium.adapter.jmx.pool.LatencyBean;
import org.vivarium.adapter.jmx.pool.ObjectivesBean;
import org.vivarium.adapter.jmx.pool.ObjectivesMBean;
import org.vivarium.adapter.jmx.pool.ParameterMBean;
import org.vivarium.adapter.jmx.pool.PoolBean;
import org.vivarium.adapter.jmx.pool.PoolNotifier;
import org.vivarium.adapter.jmx.pool.SessionsBean;
import org.vivarium.adapter.jmx.pool.WorkersBean;
import org.vivarium.api.event.EventReporter;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.ProcessNoticed;
import org.vivarium.api.event.ProgramsChanged;
import org.vivarium.api.management.BreakerMXBean;
import org.vivarium.api.management.ChangeLogMXBean;
import org.vivarium.api.management.IsolationMXBean;
import org.vivarium.api.management.LatencyMXBean;
import org.vivarium.api.management.PoolMXBean;
import org.vivarium.api.management.ResourcesMXBean;
import org.vivarium.api.management.ServiceMXBean;
import org.vivarium.api.management.SessionsMXBean;
import org.vivarium.api.management.TelemetryMXBean;
import org.vivarium.api.management.WorkersMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.config.ServiceParameterStore;
import org.vivarium.core.metrics.exposition.Attribute;
import org.vivarium.core.time.Ticker;

/**
 * All MBeans of the service: {@code type=Service}, {@code type=Telemetry}, {@code type=Resources},
 * {@code type=ChangeLog}, {@code type=ServiceConfig}, and {@code type=Pool}, {@code type=Workers},
 * {@code type=Objectives} and {@code type=PoolConfig} for each pool. Give it every {@link PoolEvent}, on any thread: it
 * turns them into notifications. Thread safe.
 */
public final class ManagementBeans implements EventReporter, AutoCloseable {
    private static final Duration PICTURE_KEPT = Duration.ofMillis(250);
    private static final String MINUTE = "1m";

    private final MBeanRegistry registry;
    private final ServiceOperations service;
    private final Ticker ticker;
    private final IntSupplier mostPrograms;
    private final Map<String, PoolNotifier> notifiers = new HashMap<>(); // complete once constructed
    private final PoolNotifier processes = PoolNotifier.ofProcesses(name("type=Resources"));

    /**
     * The programs of each pool that can serve whose breakers are registered; the keys are complete once constructed.
     */
    private final Map<String, Set<String>> breakers = new HashMap<>();

    /**
     * Registers the beans of all pools that {@code service} knows.
     *
     * @param stores what can be changed; a pool that cannot start has nothing, and no {@code type=PoolConfig} then
     * @throws IllegalStateException if the MBean server refuses one; none stays registered then
     */
    public ManagementBeans(
            MBeanServer server, ServiceOperations service, Stores stores, ServiceFacts facts, Ticker ticker) {
        this.registry = new MBeanRegistry(server);
        this.service = service;
        this.ticker = ticker;
        this.mostPrograms = () -> stores.service().current().integer(ServiceParameter.METRIC_PROGRAMS);
        try {
            NotificationBroadcasterSupport silent = new NotificationBroadcasterSupport();
            registry.register(
                    new DescribedMBean(new ServiceBean(facts, service), ServiceMXBean.class, silent), "type=Service");
            registry.register(
                    new DescribedMBean(new TelemetryBean(facts), TelemetryMXBean.class, silent), "type=Telemetry");
            registry.register(
                    new DescribedMBean(new ResourcesBean(service::resources), ResourcesMXBean.class, processes),
                    "type=Resources");
            registry.register(
                    new DescribedMBean(
                            new ChangeLogBean(
                                    service.changes(),
                                    new Cached<>(() -> service.changes().status(), ticker, PICTURE_KEPT)),
                            ChangeLogMXBean.class,
                            silent),
                    "type=ChangeLog");
            service.pools()
                    .forEach(pool ->
                            registerPool(pool.name(), stores.parameters().containsKey(pool.name())));
            stores.parameters().keySet().forEach(pool -> breakers.put(pool, ConcurrentHashMap.newKeySet()));
            stores.parameters()
                    .forEach((pool, store) -> registry.register(
                            new ParameterMBean<>(store, "Parameters of one pool, which can be changed while it runs."),
                            "type=PoolConfig,pool=" + pool));
            registry.register(
                    new ParameterMBean<>(
                            stores.service(), "Parameters of the service, which can be changed while it runs."),
                    "type=ServiceConfig");
            stores.objectives().forEach(this::registerObjectives);
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    private void registerObjectives(String pool, ObjectiveStore store) {
        Cached<ObjectivesView> view =
                new Cached<>(() -> service.pool(pool).numbers().objectives(), ticker, PICTURE_KEPT);
        registry.register(new ObjectivesMBean(new ObjectivesBean(view), store), "type=Objectives,pool=" + pool);
    }

    /**
     * What can be changed of the service, and of each pool that can serve.
     *
     * @param parameters by the name of the pool
     * @param objectives likewise
     */
    public record Stores(
            ServiceParameterStore service,
            Map<String, ParameterStore> parameters,
            Map<String, ObjectiveStore> objectives) {}

    private void registerPool(String pool, boolean serves) {
        PoolOperations operations = service.pool(pool);
        PoolNotifier notifier = PoolNotifier.ofPool(name("type=Pool,pool=" + pool));
        notifiers.put(pool, notifier);
        Cached<PoolView> view = new Cached<>(() -> service.pool(pool).view(), ticker, PICTURE_KEPT);
        Cached<MetricsView> metrics =
                new Cached<>(() -> service.pool(pool).numbers().metrics(MINUTE), ticker, PICTURE_KEPT);
        registry.register(
                new MeasuredMBean(
                        new PoolBean(operations, view),
                        PoolMXBean.class,
                        notifier,
                        new Measured<>(Attribute.ofPool(), serves ? metrics::get : null)),
                "type=Pool,pool=" + pool);
        if (serves) {
            registry.register(
                    new DescribedMBean(
                            new IsolationBean(operations), IsolationMXBean.class, new NotificationBroadcasterSupport()),
                    "type=Isolation,pool=" + pool);
        }
        WorkersBean workers = new WorkersBean(
                operations,
                () -> serves ? metrics.get().now().activity() : WorkerActivity.NONE,
                InstantSource.system());
        registry.register(
                new DescribedMBean(workers, WorkersMXBean.class, new NotificationBroadcasterSupport()),
                "type=Workers,pool=" + pool);
        Cached<SessionTotals> sessions = new Cached<>(() -> service.pool(pool).sessionTotals(), ticker, PICTURE_KEPT);
        registry.register(
                new DescribedMBean(
                        new SessionsBean(operations, sessions),
                        SessionsMXBean.class,
                        new NotificationBroadcasterSupport()),
                "type=Sessions,pool=" + pool);
    }

    /** Registers {@code type=Breaker} for programs that are known by now; to be called once it receives all events. */
    public void refresh() {
        breakers.keySet()
                .forEach(pool -> service.pool(pool).breakers().forEach(breaker -> register(pool, breaker.program())));
    }

    private void register(String pool, String program) {
        Set<String> known = breakers.get(pool);
        if (known != null && known.add(program)) {
            String name = program.matches("[\\w.$-]+") ? program : ObjectName.quote(program);
            registry.register(
                    new DescribedMBean(
                            new BreakerBean(program, service.pool(pool), InstantSource.system()),
                            BreakerMXBean.class,
                            new NotificationBroadcasterSupport()),
                    "type=Breaker,pool=" + pool + ",program=" + name);
            registerLatency(pool, program, name, known.size());
        }
    }

    /** Registers the numbers of a program, if it is among the first: the others are counted together. */
    private void registerLatency(String pool, String program, String name, int known) {
        if (known <= mostPrograms.getAsInt()) {
            LatencyBean latency = new LatencyBean(program, service.pool(pool));
            registry.register(
                    new MeasuredMBean(
                            latency,
                            LatencyMXBean.class,
                            new NotificationBroadcasterSupport(),
                            latency.measured(new Cached<>(latency::minute, ticker, PICTURE_KEPT))),
                    "type=Latency,pool=" + pool + ",program=" + name);
        }
    }

    private static ObjectName name(String keys) {
        try {
            return new ObjectName("vivarium:" + keys);
        } catch (MalformedObjectNameException e) {
            throw new IllegalStateException("not a valid name of an MBean: " + keys, e);
        }
    }

    @Override
    public void report(Instant time, PoolEvent event) {
        if (event instanceof ProgramsChanged changed) {
            changed.programs().forEach(program -> register(changed.pool(), program));
        }
        if (event instanceof ProcessNoticed) { // also of those that belong to no pool
            processes.tell(time, event);
        }
        PoolNotifier notifier = notifiers.get(event.pool());
        if (notifier != null) {
            notifier.tell(time, event);
        }
    }

    /** Unregisters all beans; never waits. */
    @Override
    public void close() {
        registry.close();
    }
}
