package org.vivarium.core.breaker;

import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;

/**
 * When a circuit breaker opens and closes.
 *
 * @param failures in a row that open it; 0 for never
 * @param openNanos how long it refuses all calls
 * @param probes most calls at a time after that
 * @param successes how many of them close it
 */
public record BreakerLimits(int failures, long openNanos, int probes, int successes) {
    /** Returns the limits that {@code settings} hold. */
    public static BreakerLimits of(PoolSettings settings) {
        return new BreakerLimits(
                settings.integer(PoolParameter.BREAKER_FAILURES),
                settings.nanos(PoolParameter.BREAKER_OPEN),
                settings.integer(PoolParameter.BREAKER_PROBES),
                settings.integer(PoolParameter.BREAKER_SUCCESSES));
    }
}
