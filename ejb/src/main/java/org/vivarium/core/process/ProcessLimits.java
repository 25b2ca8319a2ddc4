package org.vivarium.core.process;

/**
 * What a worker process may use; 0 is no limit.
 *
 * @param hardMemoryMegabytes resident memory, in MiB
 * @param cpuMillis processor time of one call
 */
public record ProcessLimits(int hardMemoryMegabytes, int cpuMillis) {
    /** No limit at all. */
    public static final ProcessLimits NONE = new ProcessLimits(0, 0);
}
