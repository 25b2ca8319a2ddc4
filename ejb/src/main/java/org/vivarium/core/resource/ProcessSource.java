package org.vivarium.core.resource;

import java.util.List;
import java.util.function.Supplier;
import org.vivarium.core.process.cgroup.CgroupSample;
import org.vivarium.core.process.procfs.ProcessSampler;

/**
 * Where processes, and what they may use, are looked up.
 *
 * @param sampler looks at one
 * @param family finds those below one
 * @param cgroup looks at what their container allows
 */
public record ProcessSource(ProcessSampler sampler, Family family, Supplier<CgroupSample> cgroup) {
    /** Returns the one of this machine. */
    public static ProcessSource ofThisMachine(Supplier<CgroupSample> cgroup) {
        return new ProcessSource(ProcessSampler.ofThisMachine(), ProcessSource::descendants, cgroup);
    }

    /** One scan of the parents of all processes of the machine by the JDK: some kernels have no list of children. */
    private static List<Long> descendants(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::descendants)
                .map(ProcessHandle::pid)
                .toList();
    }

    /** Finds processes by parentage. */
    public interface Family {
        /** Returns the processes below {@code pid}, however far, zombies included. */
        List<Long> below(long pid);
    }
}
