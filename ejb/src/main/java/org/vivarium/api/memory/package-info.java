/** Limits on what the service holds of others' data in memory. Start at ByteBudget. */
@NullMarked
package org.vivarium.api.memory;

import org.jspecify.annotations.NullMarked;
