package org.vivarium.core.resource;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.ProcessNoticed;
import org.vivarium.api.view.resources.ProcessView;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.core.process.host.HostedProcess;
import org.vivarium.core.process.procfs.ProcessSample;
import org.vivarium.core.process.procfs.TimedSample;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.core.time.Ticker;

/**
 * Samples the machine, the JVM and all Python processes of ours, and reports zombies, orphans, and those that are
 * stopped or grow and grow.
 *
 * <p>A process that vanishes between two samples is normal, and so is one that cannot be read. Thread safe: one sample
 * at a time, the last snapshot for everybody.
 */
public final class ResourceMonitor {
    /** Samples in a row of a process that grows until it is reported: as many as its trend is made of. */
    static final int LOOKS_OF_GROWTH = Trend.KEPT;

    /** Private memory is added up page by page in the kernel, so it is asked for once a minute. */
    static final int PRIVATE_EVERY = 12;

    /** A sample that is younger than this is reused. */
    static final Duration FRESH = Duration.ofSeconds(2);

    private static final Logger LOG = LoggerFactory.getLogger(ResourceMonitor.class);
    private static final double NANOS_PER_MILLI = 1e6;

    private final Supplier<List<HostedProcess>> started;
    private final ProcessSource source;
    private final Telemetry telemetry;
    private final Ticker ticker;
    private final InstantSource clock;
    private final Machine machine;
    private Map<Long, Tracked> tracked = new HashMap<>();
    private long rounds;
    private boolean overflowTold;
    private volatile @Nullable ResourcesView view;

    /** Asks {@code started} for each sample what there should be. */
    public ResourceMonitor(
            Supplier<List<HostedProcess>> started,
            ProcessSource source,
            Telemetry telemetry,
            Ticker ticker,
            InstantSource clock) {
        this.started = started;
        this.source = source;
        this.telemetry = telemetry;
        this.ticker = ticker;
        this.clock = clock;
        this.machine = new Machine(source.sampler(), source.cgroup());
    }

    /** Returns the last sample; takes one if there is none yet. */
    public ResourcesView view() {
        ResourcesView last = view;
        if (last == null) {
            sample();
            last = requireNonNull(view);
        }
        return last;
    }

    /** Looks now. */
    public synchronized void sample() {
        long began = ticker.nanos();
        Census census = new Census(source, started.get());
        Map<Long, Tracked> before = tracked;
        tracked = census.take(before.keySet(), pid -> sampled(pid, before.get(pid), census.hosted(pid)));
        tellOverflow();
        List<ProcessView> processes = new ArrayList<>(tracked.size());
        int zombies = 0;
        int orphans = 0;
        for (Tracked process : tracked.values()) {
            zombies += judge(process) ? 1 : 0;
            orphans += process.role() == ProcessRole.ORPHAN ? 1 : 0;
            processes.add(view(process, census.hosted(process.sample().pid())));
        }
        rounds++;
        view = new ResourcesView(
                clock.instant(),
                (ticker.nanos() - began) / NANOS_PER_MILLI,
                machine.host(ticker.nanos()),
                machine.jvm(ticker.nanos()),
                zombies,
                orphans,
                processes);
    }

    private void tellOverflow() {
        boolean overflow = tracked.size() >= Census.MOST;
        if (overflow && !overflowTold) {
            LOG.warn("there are at least {} processes below the service; the others are not sampled", Census.MOST);
        }
        overflowTold = overflow;
    }

    /** Returns the process as it is now, with its past unless another one has its id; {@code null} if it has gone. */
    private @Nullable Tracked sampled(long pid, @Nullable Tracked before, @Nullable HostedProcess known) {
        TimedSample seen = known == null ? null : known.lastSample();
        TimedSample now = seen != null && ticker.nanos() - seen.nanos() < FRESH.toNanos() ? seen : take(pid, before);
        if (now == null) {
            return null;
        }
        if (before == null || !now.sample().isSameProcess(before.sample())) {
            return new Tracked(now);
        }
        before.saw(now);
        return before;
    }

    private @Nullable TimedSample take(long pid, @Nullable Tracked before) {
        boolean withPrivate = before == null || (rounds + pid) % PRIVATE_EVERY == 0; // not of all in the same sample
        ProcessSample sample = source.sampler().sample(pid, before == null ? null : before.sample(), withPrivate);
        return sample == null ? null : new TimedSample(sample, ticker.nanos());
    }

    /** Publishes what is wrong with the process; returns whether it is a zombie. */
    private boolean judge(Tracked process) {
        ProcessSample sample = process.sample();
        int zombie = process.inARow(EventType.RESOURCE_ZOMBIE, sample.isZombie());
        int stopped = process.inARow(EventType.RESOURCE_STOPPED, sample.isStopped());
        int growing = process.inARow(EventType.RESOURCE_GROWING, process.isGrowing());
        tell(EventType.RESOURCE_ZOMBIE, process, zombie == Census.LOOKS_TO_BELIEVE);
        tell(EventType.RESOURCE_STOPPED, process, stopped == Census.LOOKS_TO_BELIEVE);
        tell(EventType.RESOURCE_GROWING, process, growing == LOOKS_OF_GROWTH);
        tell(EventType.RESOURCE_ORPHAN, process, process.becameOrphan());
        return zombie >= Census.LOOKS_TO_BELIEVE;
    }

    private void tell(EventType type, Tracked process, boolean now) {
        if (!now) {
            return;
        }
        ProcessSample sample = process.sample();
        Owner owner = process.owner();
        double growth = process.growthPerMinute();
        telemetry.publish(new ProcessNoticed(
                type,
                owner == null ? "" : owner.pool(),
                owner == null ? null : owner.worker(),
                sample.pid(),
                sample.parent(),
                process.role(),
                sample.rssBytes(),
                Double.isNaN(growth) ? null : growth));
    }

    private ProcessView view(Tracked process, @Nullable HostedProcess known) {
        ProcessSample sample = process.sample();
        Owner owner = process.owner();
        return new ProcessView(
                sample.pid(),
                sample.parent(),
                process.role(),
                known == null ? null : known.name(),
                owner == null || owner.pool().isEmpty() ? null : owner.pool(),
                owner == null ? null : owner.worker(),
                String.valueOf(sample.state()),
                machine.started(sample.startTicks()),
                sample.rssBytes(),
                sample.privateBytes(),
                sample.cpuMillis(),
                process.cpuPercent(),
                sample.threads(),
                sample.openDescriptors(),
                process.growthPerMinute(),
                process.isGrowing());
    }
}
