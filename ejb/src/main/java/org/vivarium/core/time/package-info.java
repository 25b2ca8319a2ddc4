/** Clocks and jobs as parameters: a ticker, a back-off with jitter and a periodic job. Knows nothing of pools. */
@NullMarked
package org.vivarium.core.time;

import org.jspecify.annotations.NullMarked;
