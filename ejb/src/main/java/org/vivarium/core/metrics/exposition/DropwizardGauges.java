package org.vivarium.core.metrics.exposition;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.function.Supplier;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.core.metrics.PoolMetrics;
import org.vivarium.core.metrics.windows.Window;

/**
 * The same numbers as gauges of Dropwizard: {@code pool.<pool>.<attribute>}, those that have a window for each of them.
 * Programs and workers have none: each gauge is an MBean of its own, and there may be hundreds of both.
 */
public final class DropwizardGauges {
    private DropwizardGauges() {}

    /** Registers a gauge for each number of {@code pool}. */
    public static void register(MetricRegistry registry, String pool, PoolMetrics metrics) {
        register(registry, pool, Attribute.ofPool(), metrics::minute);
        for (Window window : List.of(Window.FIVE_MINUTES, Window.FIFTEEN_MINUTES)) {
            register(registry, pool, Attribute.ofPool(window), () -> metrics.view(window, false));
        }
    }

    private static void register(
            MetricRegistry registry, String pool, List<Attribute<MetricsView>> attributes, Supplier<MetricsView> view) {
        attributes.forEach(attribute -> registry.register(
                MetricRegistry.name("pool", pool, attribute.name()), (Gauge<Number>) () -> attribute.of(view.get())));
    }
}
