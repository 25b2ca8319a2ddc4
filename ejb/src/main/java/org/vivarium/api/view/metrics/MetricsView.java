package org.vivarium.api.view.metrics;

import java.time.Instant;
import java.util.List;
import org.vivarium.api.view.PoolNow;

/**
 * The numbers of one pool at one moment, for one window. The same numbers are attributes in JMX, and samples for
 * Prometheus.
 *
 * @param at when the snapshot was taken; one is taken each second
 * @param now what does not depend on the window
 * @param window the last while
 * @param programs those that were called since the service started, by name
 */
public record MetricsView(String pool, Instant at, PoolNow now, PoolWindow window, List<ProgramMetrics> programs) {}
