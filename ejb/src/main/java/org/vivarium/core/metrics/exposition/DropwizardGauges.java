package org.vivarium.core.metrics.exposition;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import org.vivarium.core.metrics.PoolMetrics;

/** The same numbers as gauges of Dropwizard: {@code pool.<pool>.<attribute>}. */
public final class DropwizardGauges {
    private DropwizardGauges() {}

    /** Registers a gauge for each number of {@code pool}. */
    public static void register(MetricRegistry registry, String pool, PoolMetrics metrics) {
        Attribute.ofPool()
                .forEach(attribute ->
                        registry.register(MetricRegistry.name("pool", pool, attribute.name()), (Gauge<Number>)
                                () -> attribute.of(metrics.minute())));
    }
}
