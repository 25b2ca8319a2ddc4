/**
 * One call that has a slot: sent, answered, cancelled, and how it ends. Start at Execution. Knows neither how a call
 * came to its slot nor the life cycle of workers.
 */
@NullMarked
package org.vivarium.core.call;

import org.jspecify.annotations.NullMarked;
