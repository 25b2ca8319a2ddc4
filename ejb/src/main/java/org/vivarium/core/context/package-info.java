/**
 * What all parts of one pool share: name, parameters, clock, telemetry, counters. Start at PoolContext. Holds
 * references and numbers only, no behaviour.
 */
@NullMarked
package org.vivarium.core.context;

import org.jspecify.annotations.NullMarked;
