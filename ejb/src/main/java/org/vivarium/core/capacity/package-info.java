/**
 * How many workers there should be and which should go, as pure functions of a snapshot. Start at CapacityPlan. Starts
 * and ends nothing itself.
 */
@NullMarked
package org.vivarium.core.capacity;

import org.jspecify.annotations.NullMarked;
