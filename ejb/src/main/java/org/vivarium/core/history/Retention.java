package org.vivarium.core.history;

import java.time.Duration;

/**
 * How long history is kept.
 *
 * @param minutes points of a minute
 * @param quarters points of a quarter of an hour
 * @param events events
 */
public record Retention(Duration minutes, Duration quarters, Duration events) {}
