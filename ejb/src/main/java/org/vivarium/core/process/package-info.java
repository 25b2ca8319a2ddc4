/**
 * Owns the Python processes of one run: guardian, fork servers, workers, their channels and their end. Start at
 * PythonHost. Knows nothing of pools, calls that wait, or policy.
 */
@NullMarked
package org.vivarium.core.process;

import org.jspecify.annotations.NullMarked;
