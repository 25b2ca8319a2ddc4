/** REST paths of numbers: metrics, errors, objectives, resources, Prometheus. Start at MetricsResource. */
@NullMarked
package org.vivarium.web.rest.metrics;

import org.jspecify.annotations.NullMarked;
