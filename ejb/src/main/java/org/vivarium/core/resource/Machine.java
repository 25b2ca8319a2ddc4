package org.vivarium.core.resource;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.resources.ContainerView;
import org.vivarium.api.view.resources.HostView;
import org.vivarium.api.view.resources.JvmView;
import org.vivarium.api.view.resources.MachineView;
import org.vivarium.core.process.cgroup.CgroupSample;
import org.vivarium.core.process.procfs.ProcessSample;
import org.vivarium.core.process.procfs.ProcessSampler;
import org.vivarium.core.process.procfs.TimedSample;

/** Looks at the machine, at the container on it and at the JVM. Belongs to the thread that looks. */
final class Machine {
    private static final long BYTES_PER_KIBIBYTE = 1_024;

    // Columns of the first line of /proc/stat, after its name.
    private static final int IDLE = 3;
    private static final int WAITING_FOR_DEVICES = 4;
    private static final int COLUMNS = 8; // guests, which follow, are counted as users already

    private final ProcessSampler sampler;
    private final Supplier<CgroupSample> cgroup;
    private final Container limited = new Container();
    private final long pid = ProcessHandle.current().pid();
    private final Instant booted;
    private @Nullable Tracked jvm;
    private long allTicks;
    private long idleTicks;

    Machine(ProcessSampler sampler, Supplier<CgroupSample> cgroup) {
        this.sampler = sampler;
        this.cgroup = cgroup;
        this.booted = Instant.ofEpochSecond(number(sampler.machine("stat"), "btime"));
    }

    /** Returns when a process started that did so {@code ticks} after the machine. */
    Instant started(long ticks) {
        return booted.plusMillis(ticks * ProcessSampler.MILLIS_PER_TICK);
    }

    /** Looks at the machine and at the container on it; {@code nanos} is the time by the ticker. */
    HostView host(long nanos) {
        MachineView machine = machine();
        CgroupSample limits = cgroup.get();
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        ContainerView container = limited.view(limits, nanos);
        return new HostView(
                Container.processors(limits, Runtime.getRuntime().availableProcessors()),
                container == null ? machine.cpu() : Container.larger(machine.cpu(), container.cpu()),
                load < 0 ? Double.NaN : load,
                Container.smaller(machine.memoryBytes(), limits.memoryLimitBytes()),
                Container.smaller(machine.availableBytes(), limits.memoryFreeBytes()),
                machine,
                container);
    }

    private MachineView machine() {
        List<String> memory = sampler.machine("meminfo");
        List<String> stat = sampler.machine("stat");
        return new MachineView(
                (int) stat.stream().filter(line -> line.matches("cpu\\d.*")).count(),
                cpu(stat),
                number(memory, "MemTotal:") * BYTES_PER_KIBIBYTE,
                number(memory, "MemAvailable:") * BYTES_PER_KIBIBYTE);
    }

    private double cpu(List<String> lines) {
        long[] ticks = ticks(lines);
        if (ticks.length < COLUMNS) {
            return Double.NaN; // not for us to see
        }
        long idle = ticks[IDLE] + ticks[WAITING_FOR_DEVICES];
        long all = Arrays.stream(ticks).sum();
        boolean comparable = allTicks > 0 && all > allTicks;
        double used = comparable ? 1 - (double) (idle - idleTicks) / (all - allTicks) : Double.NaN;
        allTicks = all;
        idleTicks = idle;
        return Math.max(0, Math.min(1, used)); // waiting for devices may seem to go back
    }

    private static long[] ticks(List<String> lines) {
        if (lines.isEmpty() || !lines.get(0).matches("cpu( +\\d+)+ *")) {
            return new long[0];
        }
        return Arrays.stream(lines.get(0).strip().split(" +", -1))
                .skip(1)
                .limit(COLUMNS)
                .mapToLong(Long::parseLong)
                .toArray();
    }

    JvmView jvm(long nanos) {
        ProcessSample sample = sampler.sample(pid, null, false);
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
        return new JvmView(
                pid,
                sample == null ? 0 : sample.cpuMillis(),
                cpuPercent(sample, nanos),
                sample == null ? 0 : sample.rssBytes(),
                memory.getHeapMemoryUsage().getUsed(),
                memory.getHeapMemoryUsage().getMax(),
                memory.getNonHeapMemoryUsage().getUsed(),
                collectors.stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                        .sum(),
                collectors.stream()
                        .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                        .sum(),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                sample == null ? 0 : sample.openDescriptors());
    }

    private double cpuPercent(@Nullable ProcessSample sample, long nanos) {
        if (sample == null) {
            return Double.NaN;
        }
        TimedSample now = new TimedSample(sample, nanos);
        Tracked before = jvm;
        if (before == null) {
            jvm = new Tracked(now);
            return Double.NaN;
        }
        before.saw(now);
        return before.cpuPercent();
    }

    /** Returns the number behind {@code key}; 0 if there is none. */
    private static long number(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip().split(" ", -1)[0])
                .filter(number -> number.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(0);
    }
}
