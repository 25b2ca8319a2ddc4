package org.vivarium.core.recovery;

import java.time.Duration;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;

/**
 * The parameters that decide.
 *
 * @param maximumHealthFailures failed checks in a row after which a worker is replaced
 * @param recheck time between two checks of a degraded worker
 * @param restartLimit deaths of workers without a call within {@code restartWindow} that are still bad luck
 * @param retryBase wait after the first failed start
 * @param retryMaximum longest wait after a failed start, before jitter
 */
public record RecoveryLimits(
        int maximumHealthFailures,
        Duration recheck,
        int restartLimit,
        Duration restartWindow,
        Duration retryBase,
        Duration retryMaximum) {
    /** Returns the limits that a pool has now. */
    public static RecoveryLimits of(PoolSettings settings) {
        return new RecoveryLimits(
                settings.integer(PoolParameter.MAXIMUM_HEALTH_FAILURES),
                settings.duration(PoolParameter.HEALTH_RECHECK),
                settings.integer(PoolParameter.RESTART_LIMIT),
                settings.duration(PoolParameter.RESTART_WINDOW),
                settings.duration(PoolParameter.RETRY_BASE_DELAY),
                settings.duration(PoolParameter.RETRY_MAXIMUM_DELAY));
    }
}
