package org.vivarium.core.recovery;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.PythonException;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.time.Backoff;

/**
 * Whether a call that failed is made again, and when. Pure: no clock, no thread, no chance but the one that is passed
 * in.
 *
 * @param maximum most further tries
 * @param backoff the delays before them
 */
public record Retries(int maximum, Backoff backoff) {

    /** Returns what {@code settings} ask for; {@code chance} yields numbers in [0, 1). */
    public static Retries of(PoolSettings settings, DoubleSupplier chance) {
        return new Retries(
                settings.integer(PoolParameter.MAXIMUM_RETRIES),
                new Backoff(
                        settings.duration(PoolParameter.RETRY_BASE_DELAY),
                        settings.duration(PoolParameter.RETRY_MAXIMUM_DELAY),
                        chance));
    }

    /**
     * Returns after which delay the call is made again; {@code null} if it is not.
     *
     * @param before how often it was made again before
     * @param left until the caller's deadline
     */
    public @Nullable Duration decide(PythonException failure, int before, Duration left) {
        if (before >= maximum || !mayPass(failure)) {
            return null;
        }
        Duration delay = backoff.after(before + 1);
        return delay.compareTo(left) < 0 ? delay : null;
    }

    /** Returns whether another worker, or the same a little later, may do better. */
    private static boolean mayPass(PythonException failure) {
        boolean reachedWorker = failure.details().context().worker() != null; // else the pool itself refused it
        return failure.retryable()
                && reachedWorker
                && switch (failure.category()) {
                    case COMMUNICATION_ERROR, PROTOCOL_ERROR, RESOURCE_ERROR -> true;
                    case TIMEOUT_ERROR, SYSTEM_ERROR, PROGRAM_ERROR, VALIDATION_ERROR, SESSION_ERROR -> false;
                };
    }
}
