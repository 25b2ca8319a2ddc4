/**
 * The one description of every metric, and the formats in which numbers leave: JMX attributes, Dropwizard gauges,
 * Prometheus text. Start at Metric.
 */
@NullMarked
package org.vivarium.core.metrics.exposition;

import org.jspecify.annotations.NullMarked;
