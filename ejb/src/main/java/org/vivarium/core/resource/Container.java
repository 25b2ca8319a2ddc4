package org.vivarium.core.resource;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.resources.ContainerView;
import org.vivarium.core.process.cgroup.CgroupSample;

/** Compares the limits of the container with the machine, and one sample with the one before. Not thread safe. */
final class Container {
    private long usedNanos = -1;
    private long lookNanos;

    /** Returns what to show; {@code null} if there is no limit. To be called with each sample. */
    @Nullable ContainerView view(CgroupSample now, long nanos) {
        double cpu = cpu(now, nanos);
        if (!now.limitsMemory() && !now.limitsProcessors()) {
            return null;
        }
        return new ContainerView(
                now.version(), now.processors(), cpu, now.memoryLimitBytes(), now.memoryBytes(), now.memoryKills());
    }

    /** Returns the used part of what the limit allows; NaN if there is nothing to compare. */
    private double cpu(CgroupSample now, long nanos) {
        long used = now.processorNanos();
        boolean comparable = usedNanos >= 0 && used >= usedNanos && nanos > lookNanos;
        double share = comparable ? (used - usedNanos) / (now.processors() * (nanos - lookNanos)) : Double.NaN;
        usedNanos = used;
        lookNanos = nanos;
        return Math.min(1, share); // the quota of a period that has just begun may be used up already
    }

    /** Returns how many of {@code known} processors may be used: the JVM may have been told to ignore containers. */
    static int processors(CgroupSample limits, int known) {
        return limits.limitsProcessors() ? (int) Math.min(known, Math.ceil(limits.processors())) : known;
    }

    /** Returns the larger of two parts, of which either may be NaN. */
    static double larger(double machine, double container) {
        return Double.isNaN(machine) || container > machine ? container : machine;
    }

    /** Returns what the machine has, 0 if nobody knows, or what the container leaves of it. */
    static long smaller(long machine, long container) {
        boolean limited = container != CgroupSample.NO_LIMIT;
        return limited && (machine == 0 || container < machine) ? container : machine;
    }
}
