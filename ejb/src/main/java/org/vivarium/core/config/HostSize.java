package org.vivarium.core.config;

import static org.vivarium.core.config.PoolParameter.MAXIMUM_REPLACEMENTS;
import static org.vivarium.core.config.PoolParameter.MAXIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.MINIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.OVERFLOW;
import static org.vivarium.core.config.PoolParameter.SESSION_BUDGET_MEGABYTES;
import static org.vivarium.core.config.PoolParameter.SLOTS_PER_WORKER;

import java.util.EnumMap;
import java.util.Map;

/**
 * What the service may use of its host, or of its container if that allows less: the defaults that are {@code auto}
 * follow it.
 *
 * @param processors how many, parts of one included
 * @param heapBytes the largest size of the heap
 */
public record HostSize(double processors, long heapBytes) {
    /** The host whose defaults are those of {@link Allowed#standard}: four processors, half a gibibyte of heap. */
    public static final HostSize STANDARD = new HostSize(4, 512L << 20);

    /** What a parameter is configured to that is to follow the host. */
    static final String AUTO = "auto";

    /** Workers, so that one call that hangs does not stop a pool. */
    private static final long FEWEST_AT_MOST = 2;

    /** Of the heap: the states of all sessions of all pools; request bodies; results. */
    private static final long SHARE_OF_HEAP = 4;

    private static final long LEAST_BUDGET = 16;
    private static final long LEAST_BODIES = 72;
    private static final int BYTES_PER_MEBIBYTE = 1 << 20;

    /**
     * Returns the values of the parameters that follow the host, but for those that are {@code configured}; what is
     * configured takes precedence where both would not fit together.
     *
     * @param pools how many pools share the host
     */
    Map<PoolParameter, Long> defaults(Map<PoolParameter, Long> configured, int pools) {
        long whole = Math.max(1, (long) Math.ceil(processors));
        long fit = Math.max(1, mostWorkers(configured));
        long maximum = configured.getOrDefault(
                MAXIMUM_WORKERS,
                Math.max(
                        value(MINIMUM_WORKERS, configured, 1),
                        Math.min(fit, inRange(MAXIMUM_WORKERS, Math.max(2, whole)))));
        Map<PoolParameter, Long> defaults = new EnumMap<>(PoolParameter.class);
        defaults.put(MAXIMUM_WORKERS, maximum);
        defaults.put(MINIMUM_WORKERS, Math.min(maximum, Math.min(FEWEST_AT_MOST, whole)));
        long budget = heapBytes / BYTES_PER_MEBIBYTE / SHARE_OF_HEAP / Math.max(1, pools);
        defaults.put(SESSION_BUDGET_MEGABYTES, inRange(SESSION_BUDGET_MEGABYTES, Math.max(LEAST_BUDGET, budget)));
        defaults.keySet().removeAll(configured.keySet());
        return defaults;
    }

    /** Returns the values of the parameters of the service that follow the host: one frame of 64 MiB has its place. */
    Map<ServiceParameter, Long> defaults() {
        long budget = Math.max(LEAST_BODIES, heapBytes / BYTES_PER_MEBIBYTE / SHARE_OF_HEAP);
        return Map.of(
                ServiceParameter.REQUEST_BUDGET, inRange(ServiceParameter.REQUEST_BUDGET, budget),
                ServiceParameter.RESULT_BUDGET, inRange(ServiceParameter.RESULT_BUDGET, budget));
    }

    private static long mostWorkers(Map<PoolParameter, Long> configured) {
        return PoolSettings.MOST_SLOTS / value(SLOTS_PER_WORKER, configured)
                - value(OVERFLOW, configured)
                - value(MAXIMUM_REPLACEMENTS, configured);
    }

    private static long value(PoolParameter parameter, Map<PoolParameter, Long> configured) {
        return value(parameter, configured, parameter.allowed().standard());
    }

    private static long value(PoolParameter parameter, Map<PoolParameter, Long> configured, long otherwise) {
        return configured.getOrDefault(parameter, otherwise);
    }

    private static long inRange(Parameter parameter, long value) {
        return Math.max(
                parameter.allowed().minimum(), Math.min(parameter.allowed().maximum(), value));
    }
}
