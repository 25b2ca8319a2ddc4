/** Durations and counts in time slices of 5 s, and windows as unions of slices. Start at TimeSlice. Knows no pool. */
@NullMarked
package org.vivarium.core.metrics.windows;

import org.jspecify.annotations.NullMarked;
