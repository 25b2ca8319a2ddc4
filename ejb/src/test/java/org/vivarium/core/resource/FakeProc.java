package org.vivarium.core.resource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.vivarium.core.process.cgroup.CgroupSample;
import org.vivarium.core.process.procfs.ProcessSampler;

/** A made-up {@code /proc} in a directory. */
final class FakeProc {
    private final Path root;
    private final Map<Long, Long> parents = new TreeMap<>();

    FakeProc(Path root) {
        this.root = root;
    }

    ProcessSource source() {
        return new ProcessSource(new ProcessSampler(root), this::below, () -> CgroupSample.NONE);
    }

    private List<Long> below(long pid) {
        List<Long> found = new ArrayList<>();
        parents.forEach((child, parent) -> {
            if (parent == pid) {
                found.add(child);
                found.addAll(below(child));
            }
        });
        return found;
    }

    /** Adds a process, or changes it. */
    FakeProc put(long pid, long parent, long session, char state) {
        return put(pid, parent, session, state, 100);
    }

    FakeProc put(long pid, long parent, long session, char state, long startTicks) {
        parents.put(pid, parent);
        write(
                pid,
                "stat",
                "%d (a) %s %d %d %d 0 -1 0 0 0 0 0 7 3 0 0 20 0 2 0 %d 9"
                        .formatted(pid, state, parent, pid, session, startTicks));
        return memory(pid, 1_000, 10);
    }

    FakeProc memory(long pid, long rssKibibytes, long privateKibibytes) {
        write(pid, "status", "VmRSS:\t" + rssKibibytes + " kB\n");
        return write(pid, "smaps_rollup", "Private_Dirty: " + privateKibibytes + " kB\n");
    }

    FakeProc environment(long pid, String entries) {
        return write(pid, "environ", entries);
    }

    FakeProc write(long pid, String file, String text) {
        try {
            Files.writeString(
                    Files.createDirectories(root.resolve(Long.toString(pid))).resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    /** Removes a process; who still asks for it finds nothing. */
    void end(long pid) {
        vanish(pid);
        parents.remove(pid);
    }

    /** Lets a process end after it was found, and before it is looked at. */
    void vanish(long pid) {
        try {
            Files.deleteIfExists(root.resolve(pid + "/stat"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets it be nobody's child that is ours. */
    void reparent(long pid, long session) {
        put(pid, 1, session, 'S');
        parents.remove(pid);
    }
}
