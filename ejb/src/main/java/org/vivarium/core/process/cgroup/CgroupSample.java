package org.vivarium.core.process.cgroup;

/**
 * What the control groups of the service said at one moment.
 *
 * @param version {@code cgroup v1} or {@code cgroup v2}; empty if there are no control groups
 * @param memoryLimitBytes the smallest limit of the own group and of those above it; {@link #NO_LIMIT} if none has one
 * @param memoryBytes memory of the own group, the cache of files included; 0 if the system does not say
 * @param memoryFreeBytes what can be had before the first of the limits is reached, files that the kernel can forget
 *     included; {@link #NO_LIMIT} if there is no limit
 * @param memoryKills how many processes of the own group the kernel has killed for memory; 0 if it does not say
 * @param processors how many may be used, parts of one included; NaN if there is no limit
 * @param processorNanos processor time used by the group with that limit; -1 if the system does not say
 */
public record CgroupSample(
        String version,
        long memoryLimitBytes,
        long memoryBytes,
        long memoryFreeBytes,
        long memoryKills,
        double processors,
        long processorNanos) {
    /** There is no limit of memory. */
    public static final long NO_LIMIT = -1;

    /** No control group is to be seen. */
    public static final CgroupSample NONE = new CgroupSample("", NO_LIMIT, 0, NO_LIMIT, 0, Double.NaN, -1);

    /** Returns whether there is a limit of memory. */
    public boolean limitsMemory() {
        return memoryLimitBytes != NO_LIMIT;
    }

    /** Returns whether there is a limit of processors. */
    public boolean limitsProcessors() {
        return !Double.isNaN(processors);
    }
}
