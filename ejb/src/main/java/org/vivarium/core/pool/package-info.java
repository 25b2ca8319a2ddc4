/**
 * Gives workers to callers and keeps as many alive as were asked for. Start at Pool (calls) and PoolSupervisor (life
 * cycle).
 */
@NullMarked
package org.vivarium.core.pool;

import org.jspecify.annotations.NullMarked;
