package org.vivarium.core.config;

import static org.vivarium.core.config.PoolParameter.CPU_LIMIT;
import static org.vivarium.core.config.PoolParameter.HARD_MEMORY_MEGABYTES;
import static org.vivarium.core.config.PoolParameter.MAXIMUM_REPLACEMENTS;
import static org.vivarium.core.config.PoolParameter.MAXIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.MINIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.OVERFLOW;
import static org.vivarium.core.config.PoolParameter.SLOTS_PER_WORKER;
import static org.vivarium.core.config.PoolParameter.SOFT_MEMORY_MEGABYTES;

import java.util.Map;

/** The values of all parameters of one pool at one moment. Immutable. */
public final class PoolSettings extends Settings<PoolParameter, PoolSettings> {
    /** Most slots that the workers of a pool can have together. */
    public static final int MOST_SLOTS = 1024;

    private static final int PYTHON_LEVELS_APART = 10;

    /** Every parameter at its default. */
    public static final PoolSettings DEFAULT = new PoolSettings();

    private PoolSettings() {
        super(PoolParameter.ALL);
    }

    private PoolSettings(PoolSettings others, Map<PoolParameter, ?> changes) {
        super(others, changes);
    }

    @Override
    public PoolSettings with(Map<PoolParameter, ?> changes) {
        PoolSettings changed = new PoolSettings(this, changes);
        changed.requireOrder();
        changed.requirePlaceForSlots();
        changed.requireOneSlotForCpuLimit();
        return changed;
    }

    /** Returns the level of Python's root logger, as Python's number. */
    public int pythonLogLevel() {
        return PYTHON_LEVELS_APART * (1 + integer(PoolParameter.PYTHON_LOG_LEVEL)); // debug is 10, and so on
    }

    private void requireOrder() {
        long minimum = value(MINIMUM_WORKERS);
        long maximum = value(MAXIMUM_WORKERS);
        if (minimum > maximum) {
            throw new IllegalArgumentException("MinimumWorkers must be at most MaximumWorkers, was " + minimum
                    + " with MaximumWorkers " + maximum);
        }
        long soft = value(SOFT_MEMORY_MEGABYTES);
        long hard = value(HARD_MEMORY_MEGABYTES);
        if (hard > 0 && soft >= hard) {
            throw new IllegalArgumentException("SoftMemoryMegabytes must be less than HardMemoryMegabytes, was " + soft
                    + " with HardMemoryMegabytes " + hard);
        }
    }

    /** With several slots nobody could say which of the calls used the time: a limit would be there in name only. */
    private void requireOneSlotForCpuLimit() {
        long limit = value(CPU_LIMIT);
        long slots = value(SLOTS_PER_WORKER);
        if (limit > 0 && slots > 1) {
            throw new IllegalArgumentException(
                    "CpuLimitMillis must be 0 while SlotsPerWorker is above 1, because a worker cannot tell which of its calls uses the processor, was %d with SlotsPerWorker %d"
                            .formatted(limit, slots));
        }
    }

    /** A worker that is replaced is there together with its replacement for a while. */
    private void requirePlaceForSlots() {
        long slots = value(SLOTS_PER_WORKER);
        long maximum = value(MAXIMUM_WORKERS);
        long overflow = value(OVERFLOW);
        long replacements = value(MAXIMUM_REPLACEMENTS);
        if (slots * (maximum + overflow + replacements) > MOST_SLOTS) {
            throw new IllegalArgumentException(
                    "SlotsPerWorker times the sum of MaximumWorkers, Overflow and MaximumReplacements must be at most %d, was %d * (%d + %d + %d)"
                            .formatted(MOST_SLOTS, slots, maximum, overflow, replacements));
        }
    }
}
