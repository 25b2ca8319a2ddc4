package org.vivarium.core.capacity;

import static org.vivarium.core.config.PoolParameter.MAXIMUM_AGE;
import static org.vivarium.core.config.PoolParameter.MAXIMUM_CALLS;

import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.worker.TransitionReason;

/**
 * When a worker has done its share, by calls and by age. Each worker draws one factor from 0.9 to 1.1 for both limits,
 * so that workers that started together are not replaced together.
 */
public final class Retirement {
    private static final double JITTER = 0.1;

    private final DoubleSupplier random;

    /** Takes a source of numbers from 0 to 1. */
    public Retirement(DoubleSupplier random) {
        this.random = random;
    }

    /** Returns the factor of one worker. */
    public double draw() {
        return 1 - JITTER + 2 * JITTER * random.getAsDouble();
    }

    /** Returns after how many calls a worker with {@code factor} is replaced. */
    public static long callLimit(PoolSettings settings, double factor) {
        long calls = settings.value(MAXIMUM_CALLS);
        return calls == 0 ? Long.MAX_VALUE : Math.max(1, Math.round(calls * factor));
    }

    /** Returns why a worker with {@code factor} is to be replaced; {@code null} if it is not. */
    public static @Nullable TransitionReason due(long calls, long ageNanos, double factor, PoolSettings settings) {
        if (calls >= callLimit(settings, factor)) {
            return TransitionReason.CALL_LIMIT_REACHED;
        }
        long age = settings.nanos(MAXIMUM_AGE);
        return age > 0 && ageNanos >= age * factor ? TransitionReason.AGE_LIMIT_REACHED : null;
    }
}
