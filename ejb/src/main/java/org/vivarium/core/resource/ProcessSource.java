package org.vivarium.core.resource;

import java.util.List;
import org.vivarium.core.process.procfs.ProcessSampler;

/**
 * Where processes are looked up.
 *
 * @param sampler looks at one
 * @param family finds those below one
 */
public record ProcessSource(ProcessSampler sampler, Family family) {
    /** Returns the one of this machine. */
    public static ProcessSource ofThisMachine() {
        return new ProcessSource(ProcessSampler.ofThisMachine(), ProcessSource::descendants);
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
