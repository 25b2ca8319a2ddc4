package org.vivarium.core.runtime;

import org.vivarium.core.config.HostSize;
import org.vivarium.core.process.cgroup.Cgroup;
import org.vivarium.core.process.cgroup.CgroupSample;

/** Measures what this process may use: of the machine and of its container what allows less. */
public final class MeasuredHost {
    private MeasuredHost() {}

    /** Measures now. */
    public static HostSize now() {
        return of(
                Runtime.getRuntime().availableProcessors(),
                Cgroup.ofThisProcess().sample());
    }

    /** The JVM sees the limits of its own group, but not each those of the groups above it. */
    static HostSize of(int processors, CgroupSample container) {
        double allowed = container.limitsProcessors() ? container.processors() : processors;
        return new HostSize(Math.min(processors, allowed), Runtime.getRuntime().maxMemory());
    }
}
