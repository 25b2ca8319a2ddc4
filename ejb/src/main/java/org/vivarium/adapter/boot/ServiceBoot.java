package org.vivarium.adapter.boot;

import static org.vivarium.core.config.PoolParameter.HEALTH_CHECK_INTERVAL;
import static org.vivarium.core.config.PoolParameter.SAMPLE_INTERVAL;
import static org.vivarium.core.config.PoolParameter.SESSION_SWEEP_INTERVAL;
import static org.vivarium.core.config.ServiceParameter.METRICS_INTERVAL;
import static org.vivarium.core.config.ServiceParameter.RESOURCE_INTERVAL;

import com.codahale.metrics.jmx.JmxReporter;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.ejb.ConcurrencyManagement;
import jakarta.ejb.ConcurrencyManagementType;
import jakarta.ejb.DependsOn;
import jakarta.ejb.EJB;
import jakarta.ejb.Singleton;
import jakarta.ejb.Startup;
import jakarta.ejb.TransactionAttribute;
import jakarta.ejb.TransactionAttributeType;
import jakarta.inject.Inject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.adapter.ejb.PeriodicJobTimer;
import org.vivarium.adapter.jmx.ManagementBeans;
import org.vivarium.adapter.jmx.ServiceFacts;
import org.vivarium.adapter.tracing.ServerTracing;
import org.vivarium.api.client.bridge.Bridge;
import org.vivarium.core.config.Parameter;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.Settings;
import org.vivarium.core.config.SettingsStore;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.runtime.BuildVersion;
import org.vivarium.core.runtime.VivariumRuntime;
import org.vivarium.core.time.PeriodicJob;
import org.vivarium.core.trace.CallTracer;

/**
 * Starts the service with the application and stops it with it: each step is undone in reverse order, also half way.
 */
@Startup
@Singleton
@DependsOn("PeriodicJobTimer") // or the container may stop it first, and its timers could not be cancelled any more
@ConcurrencyManagement(ConcurrencyManagementType.BEAN)
@TransactionAttribute(TransactionAttributeType.NOT_SUPPORTED)
public class ServiceBoot {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceBoot.class);

    private static final Duration HEARTBEATS_EVERY = Duration.ofSeconds(1);
    private static final Duration MBEANS_EVERY = Duration.ofSeconds(10); // events say so at once, if none is lost
    private static final Duration FILES_EVERY = Duration.ofSeconds(1);

    @Inject
    private ServiceRuntime service;

    @EJB
    private PeriodicJobTimer timer;

    private final Deque<AutoCloseable> steps = new ArrayDeque<>();

    /** Starts everything; if a step fails, those before it are undone and the deployment fails with its message. */
    @PostConstruct
    void start() {
        try {
            steps.push(service::stop);
            VivariumRuntime runtime = service.start();
            ManagementBeans beans = publishMBeans(runtime);
            publishMetrics(runtime);
            trace(runtime);
            scheduleHealthChecks(runtime);
            scheduleMetrics(runtime);
            schedule(runtime, new PeriodicJob("mbeans", beans::refresh), MBEANS_EVERY);
            bindBridge();
            LOG.info(
                    "Vivarium {} serves the pools {}",
                    BuildVersion.get(),
                    runtime.pools().keySet());
        } catch (RuntimeException e) {
            LOG.error("Vivarium cannot start: {}", e.getMessage());
            stop();
            throw e;
        }
    }

    private ManagementBeans publishMBeans(VivariumRuntime runtime) {
        long startedNanos = runtime.ticker().nanos();
        ServiceFacts facts = new ServiceFacts(
                BuildVersion.get(),
                runtime.host().run().runId(),
                runtime.host().run().root().toString(),
                () -> (runtime.ticker().nanos() - startedNanos) / 1_000_000,
                runtime.telemetry(),
                runtime.metrics());
        ManagementBeans beans = new ManagementBeans(
                ManagementFactory.getPlatformMBeanServer(),
                service.operations(),
                new ManagementBeans.Stores(runtime.service(), runtime.stores(), runtime.objectives()),
                facts,
                runtime.ticker());
        steps.push(beans);
        runtime.telemetry()
                .addQueuedHandler(
                        "jmx", beans, event -> !event.type().isOfCalls()); // a listener inside the server may block
        beans.refresh(); // for what happened before
        return beans;
    }

    private static void trace(VivariumRuntime runtime) {
        CallTracer tracer = ServerTracing.find();
        if (tracer != null) {
            runtime.telemetry().traceBy(tracer);
            LOG.info("each call is recorded as a span in this server's OpenTelemetry");
        }
    }

    private void publishMetrics(VivariumRuntime runtime) {
        JmxReporter reporter = JmxReporter.forRegistry(runtime.registry())
                .inDomain("vivarium.metrics")
                .registerWith(ManagementFactory.getPlatformMBeanServer())
                .build();
        steps.push(reporter);
        reporter.start();
    }

    private void scheduleHealthChecks(VivariumRuntime runtime) {
        steps.push(timer::cancelAll);
        steps.push(runtime.monitor().jobs()::clear);
        runtime.pools().values().forEach(pool -> schedule(runtime, pool));
        schedule(runtime, new PeriodicJob("configuration", runtime.reload()::readIfChanged), FILES_EVERY);
        repeat(
                runtime,
                runtime.service(),
                RESOURCE_INTERVAL,
                new PeriodicJob("resources", runtime.resources()::sample));
    }

    private void scheduleMetrics(VivariumRuntime runtime) {
        repeat(runtime, runtime.service(), METRICS_INTERVAL, new PeriodicJob("metrics", runtime.metrics()::refresh));
    }

    private void schedule(VivariumRuntime runtime, SupervisedPool pool) {
        String of = " of " + pool.name();
        ParameterStore store = Objects.requireNonNull(runtime.stores().get(pool.name()), pool.name());
        repeat(runtime, store, HEALTH_CHECK_INTERVAL, new PeriodicJob("health check" + of, pool::checkHealth));
        repeat(runtime, store, SAMPLE_INTERVAL, new PeriodicJob("resources" + of, pool::checkResources));
        repeat(runtime, store, SESSION_SWEEP_INTERVAL, new PeriodicJob("sessions" + of, pool::sweepSessions));
        schedule(runtime, new PeriodicJob("heartbeats" + of, pool::checkHeartbeats), HEARTBEATS_EVERY);
    }

    private <P extends Parameter, S extends Settings<P, S>> void repeat(
            VivariumRuntime runtime, SettingsStore<P, S> store, P interval, PeriodicJob job) {
        schedule(runtime, job, store.current().duration(interval));
        store.listen((before, after, actor) -> {
            if (before.value(interval) != after.value(interval)) {
                schedule(runtime, job, after.duration(interval));
            }
        });
    }

    private void schedule(VivariumRuntime runtime, PeriodicJob job, Duration interval) {
        timer.schedule(job.name(), job, interval);
        runtime.monitor().jobs().watch(job, interval);
    }

    @SuppressWarnings("BanJNDI") // a constant name in the server's own tree
    private void bindBridge() {
        BridgeFunction bridge = new BridgeFunction(service.operations());
        try {
            new InitialContext().rebind(Bridge.JNDI_NAME, bridge);
        } catch (NamingException e) {
            throw new IllegalStateException("cannot bind " + Bridge.JNDI_NAME + " for other applications", e);
        }
        steps.push(() -> {
            bridge.close();
            unbind();
        });
    }

    @SuppressWarnings("BanJNDI") // a constant name in the server's own tree
    private static void unbind() {
        try {
            new InitialContext().unbind(Bridge.JNDI_NAME);
        } catch (NamingException e) {
            LOG.debug("{} is already unbound, which WildFly does itself", Bridge.JNDI_NAME, e);
        }
    }

    /** Stops everything that was started, last step first. */
    @PreDestroy
    void stop() {
        while (!steps.isEmpty()) {
            try {
                steps.pop().close();
            } catch (Exception e) { // of one step; the others must be undone all the same
                LOG.warn("a step of the shutdown failed", e);
            }
        }
        LOG.info("Vivarium has stopped");
    }
}
