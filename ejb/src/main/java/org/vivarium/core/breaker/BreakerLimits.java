package org.vivarium.core.breaker;

import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;

/**
 * When a circuit breaker opens and closes.
 *
 * @param failures in a row that open it; 0 for never
 * @param calls within the window that open it if half of them failed; 0 for never
 * @param windowNanos how long the window is, from the failure that begins it
 * @param openNanos how long it refuses all calls
 * @param probes most calls at a time after that
 * @param successes how many of them close it
 */
public record BreakerLimits(int failures, int calls, long windowNanos, long openNanos, int probes, int successes) {
    /** Returns the limits that {@code settings} hold. */
    public static BreakerLimits of(PoolSettings settings) {
        return new BreakerLimits(
                settings.integer(PoolParameter.BREAKER_FAILURES),
                settings.integer(PoolParameter.BREAKER_CALLS),
                settings.nanos(PoolParameter.BREAKER_WINDOW),
                settings.nanos(PoolParameter.BREAKER_OPEN),
                settings.integer(PoolParameter.BREAKER_PROBES),
                settings.integer(PoolParameter.BREAKER_SUCCESSES));
    }
}
