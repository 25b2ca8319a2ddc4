package org.vivarium.core.process.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Made-up control groups below a directory that stands for the root of a file system. */
public final class FakeCgroup {
    private static final String MEMORY = "/sys/fs/cgroup/memory";
    private static final String CPU = "/sys/fs/cgroup/cpu,cpuacct";

    private final Path root;

    /** Makes none yet, below {@code root}. */
    public FakeCgroup(Path root) {
        this.root = root;
    }

    /** As in a container of today: the own group is mounted as the topmost. */
    public FakeCgroup unified() {
        return unified("/");
    }

    public FakeCgroup unified(String group) {
        return write("/proc/self/cgroup", "0::" + group)
                .write(
                        "/proc/self/mountinfo",
                        "22 28 0:20 / /proc rw,nosuid - proc proc rw",
                        "28 27 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate");
    }

    /** As on a machine with version 1, or in a container on it, which has {@code mountRoot} mounted as the topmost. */
    public FakeCgroup separate(String mountRoot, String group) {
        return write(
                        "/proc/self/cgroup",
                        "5:memory:" + group,
                        "4:cpu,cpuacct:" + group,
                        "1:name=systemd:/init.scope",
                        "0::/")
                .write(
                        "/proc/self/mountinfo",
                        "30 28 0:27 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd",
                        "31 28 0:28 %s %s rw master:3 - cgroup cgroup rw,memory".formatted(mountRoot, MEMORY),
                        "32 28 0:29 %s %s rw master:4 - cgroup cgroup rw,cpu,cpuacct".formatted(mountRoot, CPU));
    }

    public FakeCgroup unifiedFile(String name, String... lines) {
        return write("/sys/fs/cgroup/" + name, lines);
    }

    public FakeCgroup memoryFile(String name, String... lines) {
        return write(MEMORY + '/' + name, lines);
    }

    public FakeCgroup cpuFile(String name, String... lines) {
        return write(CPU + '/' + name, lines);
    }

    public FakeCgroup write(String path, String... lines) {
        try {
            Path file = root.resolve(path.substring(1));
            Files.createDirectories(file.getParent());
            Files.writeString(file, String.join("\n", lines) + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Cgroup reader() {
        return new Cgroup(root);
    }

    public CgroupSample sample() {
        return reader().sample();
    }
}
