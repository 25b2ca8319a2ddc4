/** Series and events that outlive the process: written in batches, off the way of calls. Start at HistoryWriter. */
@NullMarked
package org.vivarium.core.history;

import org.jspecify.annotations.NullMarked;
