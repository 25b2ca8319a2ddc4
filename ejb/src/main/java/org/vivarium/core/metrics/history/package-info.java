/** What a pool did over hours and days, in steps that grow coarser, within a byte budget. Start at History. */
@NullMarked
package org.vivarium.core.metrics.history;

import org.jspecify.annotations.NullMarked;
