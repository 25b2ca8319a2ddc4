/**
 * Keeps as many workers alive as were asked for: starts, replaces, drains, rolls out. Start at PoolSupervisor;
 * everything here runs on the LifeCycleThread. Knows nothing of calls that wait, but their number.
 */
@NullMarked
package org.vivarium.core.supervision;

import org.jspecify.annotations.NullMarked;
