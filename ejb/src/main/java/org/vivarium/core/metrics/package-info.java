/**
 * The numbers of pools, recorded from events and read as one snapshot a second. Start at Metrics. Hears events and
 * cannot call a pool.
 */
@NullMarked
package org.vivarium.core.metrics;

import org.jspecify.annotations.NullMarked;
