package org.vivarium.core.metrics;

import com.codahale.metrics.LockFreeExponentiallyDecayingReservoir;
import com.codahale.metrics.Meter;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.WorkerEnded;
import org.vivarium.core.telemetry.EventHandler;

/**
 * Keeps a Dropwizard registry: per pool the timers {@code pool.<pool>.wait} and {@code pool.<pool>.execution}, the
 * meters {@code pool.<pool>.errors.<category>} and {@code pool.<pool>.worker-exits}. Belongs to the telemetry thread;
 * the registry may be read by any.
 */
public final class CallMetrics implements EventHandler {
    private final MetricRegistry registry;
    private final Map<String, PoolMetrics> pools = new HashMap<>();

    public CallMetrics(MetricRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void on(PoolEvent event) {
        PoolMetrics pool = pools.computeIfAbsent(event.pool(), PoolMetrics::new);
        if (event instanceof CallEnded call) {
            pool.record(call);
        } else if (event instanceof WorkerEnded) {
            pool.exits.mark();
        } // all others are numbers elsewhere, or none
    }

    private final class PoolMetrics {
        private final String prefix;
        private final Timer wait;
        private final Timer execution;
        private final Meter exits;

        PoolMetrics(String pool) {
            prefix = MetricRegistry.name("pool", pool);
            wait = registry.register(
                    MetricRegistry.name(prefix, "wait"),
                    new Timer(LockFreeExponentiallyDecayingReservoir.builder().build()));
            execution = registry.register(
                    MetricRegistry.name(prefix, "execution"),
                    new Timer(LockFreeExponentiallyDecayingReservoir.builder().build()));
            exits = registry.meter(MetricRegistry.name(prefix, "worker-exits"));
        }

        void record(CallEnded call) {
            wait.update(call.waitNanos(), TimeUnit.NANOSECONDS);
            if (call.worker() != null) {
                execution.update(call.executionNanos(), TimeUnit.NANOSECONDS);
            }
            if (call.failure() != null) {
                registry.meter(MetricRegistry.name(
                                prefix, "errors", call.failure().code()))
                        .mark();
            }
        }
    }
}
