package org.vivarium.core.telemetry;

import org.vivarium.api.event.PoolEvent;

/**
 * An event and when it happened.
 *
 * @param nanos by the service's ticker
 */
record TimestampedEvent(PoolEvent event, long nanos) {}
