/**
 * One pool, put together, and what operators and timers may ask of it. Start at SupervisedPool. Decides nothing: the
 * rooms below do.
 */
@NullMarked
package org.vivarium.core.pool;

import org.jspecify.annotations.NullMarked;
