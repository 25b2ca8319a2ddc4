package org.vivarium.core.pool;

import static org.vivarium.core.config.PoolParameter.RESTART_LIMIT;
import static org.vivarium.core.config.PoolParameter.RESTART_WINDOW;
import static org.vivarium.core.config.PoolParameter.RETRY_BASE_DELAY;
import static org.vivarium.core.config.PoolParameter.RETRY_MAXIMUM_DELAY;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.recovery.RestartIntensity;
import org.vivarium.core.time.Backoff;
import org.vivarium.core.worker.Worker;

/**
 * What went wrong with the workers of one pool lately: how long to pause before the next start, what to tell, and how
 * long the last recovery took. Written by the supervisor's thread; {@link #problem} and {@link #recoveryMillisLast} may
 * be read by any.
 */
final class Setbacks {
    private static final Logger LOG = LoggerFactory.getLogger(Setbacks.class);

    private final PoolParts parts;
    private final RestartIntensity intensity = new RestartIntensity();
    private volatile @Nullable String problem;
    private volatile double recoveryMillisLast = Double.NaN;
    private int startFailures;
    private long blockedUntilNanos;
    private String blockedBecause = "";
    private long lostNanos;
    private boolean recovering;

    Setbacks(PoolParts parts) {
        this.parts = parts;
        this.blockedUntilNanos = parts.ticker().nanos();
    }

    /** Returns what keeps the pool from its full size; {@code null} if nothing does. */
    @Nullable String problem() {
        return problem;
    }

    /** Returns how long the last recovery took; NaN before the first. */
    double recoveryMillisLast() {
        return recoveryMillisLast;
    }

    /** Returns how long nothing may be started yet; not positive if something may. */
    Duration pause() {
        return Duration.ofNanos(blockedUntilNanos - parts.ticker().nanos());
    }

    /** Returns whether nothing may be started yet, and tells why again: a worker on its way may have hidden it. */
    boolean pausing() {
        boolean pausing = pause().compareTo(Duration.ZERO) > 0;
        if (pausing) {
            problem = blockedBecause;
        }
        return pausing;
    }

    /** Notes a worker that could not start; the pause grows with each in a row. */
    void startFailed(Worker worker, String reason) {
        Duration pause = new Backoff(
                        parts.store().current().duration(RETRY_BASE_DELAY),
                        parts.store().current().duration(RETRY_MAXIMUM_DELAY),
                        () -> ThreadLocalRandom.current().nextDouble())
                .after(++startFailures);
        block(pause, "worker %s could not start: %s".formatted(worker, reason));
    }

    /** Notes an unexpected end; returns whether it is one too many, so that there is a pause now. */
    boolean diedTooOften(Worker worker, String how) {
        int limit = parts.store().current().integer(RESTART_LIMIT);
        Duration window = parts.store().current().duration(RESTART_WINDOW);
        if (!intensity.tooManyAfter(parts.ticker().nanos(), limit, window)) {
            return false;
        }
        intensity.reset();
        block(
                window,
                "more than %d workers died within %d s, the last, %s, %s"
                        .formatted(limit, window.toSeconds(), worker, how));
        return true;
    }

    private void block(Duration pause, String why) {
        problem = why;
        blockedBecause = why;
        blockedUntilNanos = parts.ticker().nanos() + pause.toNanos();
        LOG.warn("pool '{}': {}; next try in {} ms", parts.name(), why, pause.toMillis());
    }

    /** Notes that a worker was lost at {@code nanos} by the ticker. */
    void lost(long nanos) {
        lostNanos = nanos;
        recovering = true;
    }

    /** Notes that a worker can start. */
    void started() {
        startFailures = 0;
    }

    /** Notes that a worker has come into service: the pool has its {@code full} size now, or not yet. */
    void recovered(boolean full) {
        if (recovering) {
            recovering = false;
            recoveryMillisLast = (parts.ticker().nanos() - lostNanos) / 1e6;
        }
        if (full) {
            problem = null;
        }
    }
}
