package org.vivarium.adapter.jmx;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntSupplier;
import javax.management.MBeanServer;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.DescribedMBean;
import org.vivarium.adapter.jmx.mbean.DescribedMBean.Parts;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.adapter.jmx.mbean.MBeanRegistry;
import org.vivarium.adapter.jmx.mbean.Pictures;
import org.vivarium.adapter.jmx.notification.PoolNotifier;
import org.vivarium.adapter.jmx.settings.ParameterMBean;
import org.vivarium.api.event.EventReporter;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.ProcessNoticed;
import org.vivarium.api.management.ChangeLogMXBean;
import org.vivarium.api.management.HistoryMXBean;
import org.vivarium.api.management.ResourcesMXBean;
import org.vivarium.api.management.SelfMonitorMXBean;
import org.vivarium.api.operation.ServiceOperations;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.StoredHistoryView;
import org.vivarium.api.view.changes.ChangeLogView;
import org.vivarium.api.view.monitor.SelfView;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.config.ServiceParameterStore;
import org.vivarium.core.time.Ticker;

/**
 * All MBeans: those of the service as a whole here, those of each pool in {@link PoolBeans}. Give it every
 * {@link PoolEvent}, on any thread: it turns them into notifications, and follows workers and programs. Thread safe.
 */
public final class ManagementBeans implements EventReporter, AutoCloseable {
    private static final String RESOURCES = "type=Resources";

    private final MBeanRegistry registry;
    private final PoolNotifier processes = PoolNotifier.ofProcesses(MBeanRegistry.name(RESOURCES));
    private final Map<String, PoolBeans> pools = new HashMap<>(); // complete once constructed

    /**
     * Registers the beans of all pools that {@code service} knows.
     *
     * @param stores what can be changed; a pool that cannot start has nothing, and {@code type=Pool} alone then
     * @throws IllegalStateException if the MBean server refuses one; none stays registered then
     */
    public ManagementBeans(
            MBeanServer server, ServiceOperations service, Stores stores, ServiceFacts facts, Ticker ticker) {
        this.registry = new MBeanRegistry(server);
        JmxCaller caller = new JmxCaller(server);
        ServiceParameterStore settings = stores.service();
        Pictures pictures = new Pictures(ticker, () -> settings.current().duration(ServiceParameter.JMX_PICTURE));
        IntSupplier mostPrograms = () -> settings.current().integer(ServiceParameter.METRIC_PROGRAMS);
        try {
            registry.register(new ServiceBean(facts, service, caller, pictures).described(), "type=Service");
            registry.register(new TelemetryBean(facts, pictures).described(), "type=Telemetry");
            ResourcesBean resources = new ResourcesBean(service::resources); // a picture already
            registry.register(
                    new DescribedMBean(resources, ResourcesMXBean.class, Parts.NONE.notifying(processes)), RESOURCES);
            Cached<SelfView> self = pictures.of(service::self);
            registry.register(
                    new DescribedMBean(new SelfMonitorBean(self), SelfMonitorMXBean.class, Parts.of(self)),
                    "type=SelfMonitor");
            Cached<StoredHistoryView> stored = pictures.of(service::storedHistory);
            registry.register(
                    new DescribedMBean(new HistoryBean(stored), HistoryMXBean.class, Parts.of(stored)), "type=History");
            Cached<ChangeLogView> status = pictures.of(() -> service.changes().status());
            ChangeLogBean changes = new ChangeLogBean(service.changes(), status);
            registry.register(new DescribedMBean(changes, ChangeLogMXBean.class, Parts.of(status)), "type=ChangeLog");
            String what = "Parameters of the service, which can be changed while it runs.";
            registry.register(new ParameterMBean<>(settings, what, caller), "type=ServiceConfig");
            service.pools().stream()
                    .map(PoolView::name)
                    .forEach(pool -> pools.put(
                            pool,
                            stores.parameters().containsKey(pool)
                                    ? new PoolBeans(service.pool(pool), registry, caller, pictures, mostPrograms)
                                    : new PoolBeans(service.pool(pool), registry, caller)));
            stores.parameters().forEach((pool, store) -> beans(pool).register(store));
            stores.objectives().forEach((pool, store) -> beans(pool).register(store));
        } catch (RuntimeException e) {
            registry.close();
            throw e;
        }
    }

    private PoolBeans beans(String pool) {
        return Objects.requireNonNull(pools.get(pool), pool);
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

    /**
     * Registers the beans of programs and workers that there are by now and takes away those of workers that have
     * ended; to be called once it receives all events, and now and then, because some may be lost.
     */
    public void refresh() {
        pools.values().forEach(PoolBeans::refresh);
    }

    @Override
    public void report(Instant time, PoolEvent event) {
        if (event instanceof ProcessNoticed) { // also of those that belong to no pool
            processes.tell(time, event);
        }
        PoolBeans beans = pools.get(event.pool());
        if (beans != null) {
            beans.report(time, event);
        }
    }

    /** Unregisters all beans; never waits. */
    @Override
    public void close() {
        registry.close();
    }
}
