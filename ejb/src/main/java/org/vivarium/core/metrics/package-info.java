/**
 * Turns events into numbers, below the pool and unable to call it. Start at Metrics; what there is stands in Metric.
 */
@NullMarked
package org.vivarium.core.metrics;

import org.jspecify.annotations.NullMarked;
