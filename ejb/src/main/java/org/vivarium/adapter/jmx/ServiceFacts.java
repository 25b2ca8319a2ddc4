package org.vivarium.adapter.jmx;

import java.util.function.LongSupplier;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.telemetry.Telemetry;

/**
 * What the service knows about itself.
 *
 * @param runDirectory private directory of this run
 * @param uptimeMillis time since the service started
 * @param telemetry the stream of events
 * @param metrics the numbers of all pools
 */
public record ServiceFacts(
        String version,
        String runId,
        String runDirectory,
        LongSupplier uptimeMillis,
        Telemetry telemetry,
        Metrics metrics) {}
