package org.vivarium.core.config;

import org.vivarium.api.event.EventFilter;

/**
 * What is configured below {@code vivarium.telemetry}.
 *
 * @param events which events the log and reporters get, and which events on request are published at all
 * @param maximumBytes most memory that the history of all pools together takes
 */
public record TelemetrySettings(EventFilter events, long maximumBytes) {
    /** Fewest bytes for history. */
    public static final long FEWEST_BYTES = 1L << 20;

    /** Most bytes for history. */
    public static final long MOST_BYTES = 64L << 30;

    /** What holds if nothing is configured. */
    public static final TelemetrySettings DEFAULT = new TelemetrySettings(EventFilter.DEFAULT, 64L << 20);

    /**
     * Returns {@code bytes}, if the history may have so many.
     *
     * @throws IllegalArgumentException if not; one sentence says what is allowed
     */
    public static long checkedBytes(long bytes) {
        if (bytes < FEWEST_BYTES || bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "must be from " + FEWEST_BYTES + " to " + MOST_BYTES + " bytes, was " + bytes);
        }
        return bytes;
    }
}
