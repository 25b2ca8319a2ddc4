/**
 * One worker process, from its launch to its exit status. Start at WorkerProcess; PythonWorker is the real one. Knows
 * nothing of pools, calls that wait, or policy.
 */
@NullMarked
package org.vivarium.core.process;

import org.jspecify.annotations.NullMarked;
