package org.vivarium.core.health;

import static org.vivarium.core.config.PoolParameter.MAXIMUM_MEMORY_GROWTH;
import static org.vivarium.core.config.PoolParameter.SOFT_MEMORY_MEGABYTES;

import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.process.ProcessLimits;
import org.vivarium.core.process.procfs.ProcessSample;
import org.vivarium.core.worker.LimitBreach;

/**
 * What one worker was sampled to use, and what follows from it. Decides only; somebody else acts. Used by one thread.
 */
final class UsageRecord {
    private static final double JITTER = 0.05;
    private static final double PERCENT = 100;
    private static final long BYTES_PER_MEBIBYTE = 1_048_576;
    private static final int SETTLED_CALLS = 20;
    private static final Duration SETTLED_AFTER = Duration.ofSeconds(60);

    /** Processor time that a worker has to obey its own limit, before it is ended from outside. */
    private static final long CPU_GRACE_MILLIS = 500;

    private final double factor;
    private final long firstNanos;
    private long baselineBytes;
    private boolean outgrown;

    /**
     * The call that it was at when sampled, identified by how many had ended before, and what had been used by then.
     */
    private long callNumber = -1;

    private long cpuBeforeMillis;

    /** Starts at {@code nanos}; {@code random} yields numbers in [0, 1). */
    UsageRecord(long nanos, DoubleSupplier random) {
        this.firstNanos = nanos;
        this.factor = 1 - JITTER + 2 * JITTER * random.getAsDouble();
    }

    /** Returns for which limit the worker has to be ended now; {@code null} for none. */
    @Nullable LimitBreach breach(Sample usage, ProcessLimits limits) {
        long cpuMillis = cpuOfCall(usage);
        long megabytes = usage.sample().rssBytes() / BYTES_PER_MEBIBYTE;
        if (limits.hardMemoryMegabytes() > 0 && megabytes > limits.hardMemoryMegabytes()) {
            return LimitBreach.ofMemory(megabytes, limits.hardMemoryMegabytes());
        }
        boolean beyond = limits.cpuMillis() > 0 && cpuMillis > limits.cpuMillis() + CPU_GRACE_MILLIS;
        return beyond ? LimitBreach.ofCpu(cpuMillis, limits.cpuMillis()) : null;
    }

    /**
     * Returns what the call in progress surely used; less than it did, for the sample before came later than its start.
     */
    private long cpuOfCall(Sample usage) {
        if (!usage.busy()) {
            callNumber = -1;
        } else if (callNumber != usage.calls()) {
            callNumber = usage.calls();
            cpuBeforeMillis = usage.sample().cpuMillis();
        } else {
            return usage.sample().cpuMillis() - cpuBeforeMillis;
        }
        return 0;
    }

    /** Returns why the worker should be replaced when it is idle, the first time that it should; else {@code null}. */
    @Nullable String outgrown(Sample usage, PoolSettings settings) {
        long rss = usage.sample().rssBytes();
        settle(usage, rss);
        String why = outgrown ? null : tooLarge(rss, settings);
        outgrown |= why != null;
        return why;
    }

    private void settle(Sample usage, long rss) {
        boolean settled = usage.calls() >= SETTLED_CALLS || usage.nanos() - firstNanos >= SETTLED_AFTER.toNanos();
        if (baselineBytes == 0 && settled) {
            baselineBytes = rss;
        }
    }

    private @Nullable String tooLarge(long rss, PoolSettings settings) {
        long soft = settings.value(SOFT_MEMORY_MEGABYTES) * BYTES_PER_MEBIBYTE;
        if (soft > 0 && rss > soft * factor) {
            return "%d MiB resident, SoftMemoryMegabytes = %d (for this worker %.0f)"
                    .formatted(rss / BYTES_PER_MEBIBYTE, soft / BYTES_PER_MEBIBYTE, soft * factor / BYTES_PER_MEBIBYTE);
        }
        long growth = settings.value(MAXIMUM_MEMORY_GROWTH);
        if (growth > 0 && baselineBytes > 0 && rss > baselineBytes * (1 + growth / PERCENT * factor)) {
            return "%d MiB resident after a baseline of %d, MaximumMemoryGrowthPercent = %d"
                    .formatted(rss / BYTES_PER_MEBIBYTE, baselineBytes / BYTES_PER_MEBIBYTE, growth);
        }
        return null;
    }

    /**
     * One sample of a worker.
     *
     * @param nanos when, by the ticker
     * @param calls how many had ended, read before {@code busy}, so that equal numbers in two samples of a busy worker
     *     mean one and the same call
     */
    record Sample(long nanos, long calls, boolean busy, ProcessSample sample) {}
}
