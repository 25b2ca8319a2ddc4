package org.vivarium.adapter.jmx;

import java.util.function.LongSupplier;

/**
 * What the service knows about itself.
 *
 * @param runDirectory private directory of this run
 * @param uptimeMillis time since the service started
 * @param telemetryDropped events that were dropped because the ring was full
 */
public record ServiceFacts(
        String version, String runId, String runDirectory, LongSupplier uptimeMillis, LongSupplier telemetryDropped) {}
