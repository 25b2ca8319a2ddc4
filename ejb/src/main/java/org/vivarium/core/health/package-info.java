/**
 * Whether workers are well: pings of idle ones, heartbeats of busy ones, what their processes use. Start at
 * HealthChecks. Decides nothing about replacements: it reports to the supervisor.
 */
@NullMarked
package org.vivarium.core.health;

import org.jspecify.annotations.NullMarked;
