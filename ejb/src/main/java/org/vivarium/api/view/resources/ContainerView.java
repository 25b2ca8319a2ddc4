package org.vivarium.api.view.resources;

/**
 * The limits of the container that the service runs in, server and Python included; of nested ones the smallest.
 *
 * @param source where they come from, {@code cgroup v1} or {@code cgroup v2}
 * @param processors how many may be used, parts of one included; NaN if that is not limited
 * @param cpu part of the time of these processors that was used since the previous sample, 0 to 1; NaN in the first,
 *     and if they are not limited
 * @param memoryLimitBytes -1 if memory is not limited
 * @param memoryBytes memory in use, the cache of files included; 0 if the system does not say
 * @param memoryKills processes that the kernel has killed for memory
 */
public record ContainerView(
        String source, double processors, double cpu, long memoryLimitBytes, long memoryBytes, long memoryKills) {}
