package org.vivarium.core.config;

import org.vivarium.api.event.EventFilter;

/**
 * What is configured below {@code vivarium.telemetry}.
 *
 * @param events which events log and reporters hear, and which of those on request are published at all
 */
public record TelemetrySettings(EventFilter events) {
    /** What holds if nothing is configured. */
    public static final TelemetrySettings DEFAULT = new TelemetrySettings(EventFilter.DEFAULT);
}
