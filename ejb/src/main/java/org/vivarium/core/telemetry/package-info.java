/**
 * Carries events from the calling threads to handlers without ever waking anybody on the way. Start at Telemetry. Must
 * not know what an event means.
 */
@NullMarked
package org.vivarium.core.telemetry;

import org.jspecify.annotations.NullMarked;
