package org.vivarium.core.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * The values of all parameters of one pool at one moment; every value is in its range and they fit together. Immutable.
 */
@SuppressWarnings("EnumOrdinal") // an array read per value on the hot path; the order is never stored
public final class PoolSettings {
    private static final PoolParameter[] PARAMETERS = PoolParameter.values();

    /** Most slots that the workers of a pool can have together. */
    public static final int MOST_SLOTS = 1024;

    private static final int PYTHON_LEVELS_APART = 10;

    /** Every parameter at its default. */
    public static final PoolSettings DEFAULT = new PoolSettings(Arrays.stream(PARAMETERS)
            .mapToLong(parameter -> parameter.allowed().standard())
            .toArray());

    private final long[] values;
    private final long[] nanos;

    private PoolSettings(long[] values) {
        this.values = values;
        this.nanos = Arrays.stream(PARAMETERS)
                .mapToLong(parameter -> parameter.unit().toNanos(values[parameter.ordinal()]))
                .toArray();
    }

    /** Returns the value in the parameter's own unit. */
    public long value(PoolParameter parameter) {
        return values[parameter.ordinal()];
    }

    /** Returns the value in the parameter's own unit; every range fits an {@code int}. */
    public int integer(PoolParameter parameter) {
        return Math.toIntExact(values[parameter.ordinal()]);
    }

    /**
     * Returns the value as operators read it: a number of the parameter's own unit, a boolean, or one of its choices.
     */
    public Object shown(PoolParameter parameter) {
        return parameter.allowed().shown(value(parameter));
    }

    /** Returns the level of Python's root logger, as Python's number. */
    public int pythonLogLevel() {
        return PYTHON_LEVELS_APART * (1 + integer(PoolParameter.PYTHON_LOG_LEVEL)); // debug is 10, and so on
    }

    /** Returns whether a parameter that is a switch is on. */
    public boolean isOn(PoolParameter parameter) {
        return values[parameter.ordinal()] != 0;
    }

    /** Returns the value of a parameter that is a time, in nanoseconds; 0 for any other. Costs one array read. */
    public long nanos(PoolParameter parameter) {
        return nanos[parameter.ordinal()];
    }

    /**
     * Returns the value of a parameter that is a time.
     *
     * @throws IllegalArgumentException if it is none
     */
    public Duration duration(PoolParameter parameter) {
        if (!parameter.unit().isTime()) {
            throw new IllegalArgumentException(parameter.attribute() + " is no time");
        }
        return Duration.ofNanos(nanos(parameter));
    }

    /**
     * Returns these settings with {@code changes}, checked as a whole.
     *
     * @throws IllegalArgumentException if a value is out of range or does not fit the others; one sentence says what is
     *     allowed
     */
    public PoolSettings with(Map<PoolParameter, Long> changes) {
        long[] changed = values.clone();
        changes.forEach((parameter, value) -> changed[parameter.ordinal()] = inRange(parameter, value));
        long minimum = changed[PoolParameter.MINIMUM_WORKERS.ordinal()];
        long maximum = changed[PoolParameter.MAXIMUM_WORKERS.ordinal()];
        if (minimum > maximum) {
            throw new IllegalArgumentException("MinimumWorkers must be at most MaximumWorkers, was " + minimum
                    + " with MaximumWorkers " + maximum);
        }
        long soft = changed[PoolParameter.SOFT_MEMORY_MEGABYTES.ordinal()];
        long hard = changed[PoolParameter.HARD_MEMORY_MEGABYTES.ordinal()];
        if (hard > 0 && soft >= hard) {
            throw new IllegalArgumentException("SoftMemoryMegabytes must be less than HardMemoryMegabytes, was " + soft
                    + " with HardMemoryMegabytes " + hard);
        }
        PoolSettings result = new PoolSettings(changed);
        requirePlaceForSlots(result);
        requireOneSlotForCpuLimit(result);
        return result;
    }

    /** With several slots nobody could say which of the calls used the time: a limit would be there in name only. */
    private static void requireOneSlotForCpuLimit(PoolSettings settings) {
        long limit = settings.value(PoolParameter.CPU_LIMIT);
        long slots = settings.value(PoolParameter.SLOTS_PER_WORKER);
        if (limit > 0 && slots > 1) {
            throw new IllegalArgumentException(
                    "CpuLimitMillis must be 0 while SlotsPerWorker is above 1, because a worker cannot tell which of its calls uses the processor, was %d with SlotsPerWorker %d"
                            .formatted(limit, slots));
        }
    }

    /** A worker that is replaced is there together with its replacement for a while. */
    private static void requirePlaceForSlots(PoolSettings settings) {
        long slots = settings.value(PoolParameter.SLOTS_PER_WORKER);
        long maximum = settings.value(PoolParameter.MAXIMUM_WORKERS);
        long overflow = settings.value(PoolParameter.OVERFLOW);
        long replacements = settings.value(PoolParameter.MAXIMUM_REPLACEMENTS);
        if (slots * (maximum + overflow + replacements) > MOST_SLOTS) {
            throw new IllegalArgumentException(
                    "SlotsPerWorker times the sum of MaximumWorkers, Overflow and MaximumReplacements must be at most %d, was %d * (%d + %d + %d)"
                            .formatted(MOST_SLOTS, slots, maximum, overflow, replacements));
        }
    }

    private static long inRange(PoolParameter parameter, Long value) {
        if (!parameter.allowed().contains(requireNonNull(value, parameter.attribute()))) {
            throw new IllegalArgumentException(
                    parameter.attribute() + " must be " + parameter.allowed() + ", was " + value);
        }
        return value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PoolSettings settings && Arrays.equals(values, settings.values);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (PoolParameter parameter : PARAMETERS) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(parameter.attribute())
                    .append('=')
                    .append(shown(parameter));
        }
        return text.toString();
    }
}
