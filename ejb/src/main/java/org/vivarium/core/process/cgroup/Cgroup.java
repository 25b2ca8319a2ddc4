package org.vivarium.core.process.cgroup;

import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Reads limits and use of the control groups that the JVM is in, and with it its workers, by the files that
 * {@code cgroups(7)} describes. Of nested groups the smallest limit counts. Reads some twenty small files. Thread safe.
 */
public final class Cgroup {
    /** Version 1 says "no limit" by the largest number of whole pages; no machine has so much. */
    private static final long LEAST_UNLIMITED = 1L << 60;

    private static final long NANOS_PER_MICRO = 1_000;

    private final Path root;

    /** Reads below {@code root}, which is {@code /} but for tests. */
    public Cgroup(Path root) {
        this.root = root;
    }

    /** Returns the one of this process. */
    public static Cgroup ofThisProcess() {
        return new Cgroup(Path.of("/"));
    }

    /** Looks now; what is missing or makes no sense is no limit. */
    public CgroupSample sample() {
        Hierarchy.Membership self = Hierarchy.Membership.read(root);
        Hierarchy memory = Hierarchy.of(self, "memory");
        Hierarchy cpu = Hierarchy.of(self, "cpu");
        if (memory.levels().isEmpty() && cpu.levels().isEmpty()) {
            return CgroupSample.NONE;
        }
        boolean unified = memory.levels().isEmpty() ? cpu.unified() : memory.unified();
        Quota quota = quota(cpu, cpu.unified() ? cpu : Hierarchy.of(self, "cpuacct"));
        return new CgroupSample(
                unified ? "cgroup v2" : "cgroup v1",
                smallest(memory, level -> limit(memory, level)),
                first(memory, level -> used(memory, level)),
                smallest(memory, level -> free(memory, level)),
                kills(memory),
                quota.processors(),
                quota.usedNanos());
    }

    /** Returns how many processes the kernel has killed for memory; costs three files. */
    long memoryKills() {
        return kills(Hierarchy.of(Hierarchy.Membership.read(root), "memory"));
    }

    private static OptionalLong limit(Hierarchy memory, Path level) {
        OptionalLong limit =
                CgroupFiles.number(level.resolve(memory.unified() ? "memory.max" : "memory.limit_in_bytes"));
        boolean passedOn = level.equals(memory.levels().get(0))
                || memory.unified()
                || CgroupFiles.number(level.resolve("memory.use_hierarchy")).orElse(1) != 0;
        return limit.isPresent() && limit.getAsLong() < LEAST_UNLIMITED && passedOn ? limit : OptionalLong.empty();
    }

    private static OptionalLong used(Hierarchy memory, Path level) {
        return CgroupFiles.number(level.resolve(memory.unified() ? "memory.current" : "memory.usage_in_bytes"));
    }

    /** Files that nobody has read twice are forgotten first, and so are as good as free memory. */
    private static OptionalLong free(Hierarchy memory, Path level) {
        OptionalLong limit = limit(memory, level);
        OptionalLong used = used(memory, level);
        if (limit.isEmpty() || used.isEmpty()) {
            return limit;
        }
        long forgettable = CgroupFiles.number(
                        level.resolve("memory.stat"), memory.unified() ? "inactive_file" : "total_inactive_file")
                .orElse(0);
        long free = limit.getAsLong() - used.getAsLong() + forgettable;
        return OptionalLong.of(Math.max(0, Math.min(limit.getAsLong(), free)));
    }

    /** The kernel counts at the group of whom it kills, wherever the limit is; before Linux 4.13 it counts no kills. */
    private static long kills(Hierarchy memory) {
        String counts = memory.unified() ? "memory.events" : "memory.oom_control";
        for (Path level : memory.levels()) {
            OptionalLong kills = CgroupFiles.number(level.resolve(counts), "oom_kill");
            if (kills.isPresent()) {
                return kills.getAsLong();
            }
        }
        return memory.unified()
                ? 0
                : memory.levels().stream()
                        .map(level -> CgroupFiles.number(level.resolve("memory.failcnt")))
                        .mapToLong(failures -> failures.orElse(0))
                        .sum();
    }

    /** {@code accounts} is mounted together with {@code cpu} as a rule, or else has the same groups. */
    private static Quota quota(Hierarchy cpu, Hierarchy accounts) {
        boolean alike = accounts.levels().size() == cpu.levels().size();
        Quota smallest = Quota.NONE;
        for (int i = 0; i < cpu.levels().size(); i++) {
            double processors = processors(cpu, cpu.levels().get(i));
            if (!Double.isNaN(processors) && !(processors >= smallest.processors())) { // which may be NaN
                smallest = new Quota(
                        processors,
                        alike ? usedNanos(cpu.unified(), accounts.levels().get(i)) : -1);
            }
        }
        return smallest;
    }

    private static double processors(Hierarchy cpu, Path level) {
        List<String> both = cpu.unified() ? CgroupFiles.words(level.resolve("cpu.max")) : List.of();
        OptionalLong quota = cpu.unified() ? number(both, 0) : CgroupFiles.number(level.resolve("cpu.cfs_quota_us"));
        OptionalLong period = cpu.unified() ? number(both, 1) : CgroupFiles.number(level.resolve("cpu.cfs_period_us"));
        boolean limited = quota.orElse(0) > 0 && period.orElse(0) > 0;
        return limited ? (double) quota.getAsLong() / period.getAsLong() : Double.NaN;
    }

    private static OptionalLong number(List<String> words, int place) {
        return place < words.size() ? CgroupFiles.number(words.get(place)) : OptionalLong.empty();
    }

    private static long usedNanos(boolean unified, Path level) {
        if (!unified) {
            return CgroupFiles.number(level.resolve("cpuacct.usage")).orElse(-1);
        }
        OptionalLong micros = CgroupFiles.number(level.resolve("cpu.stat"), "usage_usec");
        return micros.isPresent() ? micros.getAsLong() * NANOS_PER_MICRO : -1;
    }

    private static long smallest(Hierarchy memory, Function<Path, OptionalLong> read) {
        return memory.levels().stream()
                .map(read)
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .min()
                .orElse(CgroupSample.NO_LIMIT);
    }

    private static long first(Hierarchy memory, Function<Path, OptionalLong> read) {
        return memory.levels().stream()
                .map(read)
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong)
                .findFirst()
                .orElse(0);
    }

    /** How many processors a group may use, and what it has used. */
    private record Quota(double processors, long usedNanos) {
        static final Quota NONE = new Quota(Double.NaN, -1);
    }
}
