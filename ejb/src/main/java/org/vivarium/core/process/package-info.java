/**
 * One Python worker process, from its launch to its exit status. Start at WorkerProcess. Knows nothing of pools, calls
 * that wait, or policy.
 */
@NullMarked
package org.vivarium.core.process;

import org.jspecify.annotations.NullMarked;
