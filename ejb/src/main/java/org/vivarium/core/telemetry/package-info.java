/**
 * The stream of events: a bounded ring, its one thread, and its handlers. Start at Telemetry. Never slows or breaks a
 * call.
 */
@NullMarked
package org.vivarium.core.telemetry;

import org.jspecify.annotations.NullMarked;
