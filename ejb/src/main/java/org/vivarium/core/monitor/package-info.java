/** Who watches the watcher: timers, telemetry, history, deadlocks. Start at SelfMonitor. */
@NullMarked
package org.vivarium.core.monitor;

import org.jspecify.annotations.NullMarked;
