/**
 * All Python processes of one run of the service: guardians, fork servers, the run directory, and the sweep of what an
 * earlier run left. Start at PythonHost. Knows nothing of pools or policy.
 */
@NullMarked
package org.vivarium.core.process.host;

import org.jspecify.annotations.NullMarked;
