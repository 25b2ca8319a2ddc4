/** Read-only values: how the monitoring itself is doing. Start at SelfView. */
@NullMarked
package org.vivarium.api.view.monitor;

import org.jspecify.annotations.NullMarked;
