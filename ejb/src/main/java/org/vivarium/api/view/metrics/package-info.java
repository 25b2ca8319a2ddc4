/** The numbers of pools, workers and programs, by window and over time. Start at MetricsView. */
@NullMarked
package org.vivarium.api.view.metrics;

import org.jspecify.annotations.NullMarked;
