/**
 * Which caller gets which free slot: at once by one compare-and-set, or in the order of a queue. Start at
 * SlotDispatcher; docs/CONCURRENCY.md has its proof. Knows nothing of programs, of what a call is, or of why a worker
 * comes and goes.
 */
@NullMarked
package org.vivarium.core.dispatch;

import org.jspecify.annotations.NullMarked;
