package org.vivarium.core.health;

import static org.vivarium.core.config.PoolParameter.SAMPLE_INTERVAL;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.WorkerState;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.procfs.ProcessSample;
import org.vivarium.core.process.procfs.ProcessSampler;
import org.vivarium.core.process.procfs.TimedSample;
import org.vivarium.core.supervision.PoolSupervisor;
import org.vivarium.core.worker.LimitBreach;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Samples what the workers of one pool use, replaces those that have grown too large and ends those that use more than
 * they may. Thread safe: one sweep at a time.
 */
public final class ResourceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceWatch.class);

    /**
     * Private memory is added up page by page in the kernel, ten times as dear as the rest, so it is asked for rarely.
     */
    private static final Duration PRIVATE_EVERY = Duration.ofMinutes(1);

    private final PoolContext parts;
    private final PoolSupervisor supervisor;
    private final ProcessSampler sampler;
    private final DoubleSupplier random;
    private final Map<Worker, UsageRecord> records = new HashMap<>();
    private long round;
    private boolean absenceTold;

    public ResourceWatch(PoolContext parts, PoolSupervisor supervisor, ProcessSampler sampler, DoubleSupplier random) {
        this.parts = parts;
        this.supervisor = supervisor;
        this.sampler = sampler;
        this.random = random;
    }

    /** Samples every worker that is in service, once. */
    public synchronized void sweep() {
        if (!sampler.isAvailable()) {
            tellAbsence();
            return;
        }
        round++;
        long every = Math.max(1, PRIVATE_EVERY.dividedBy(parts.store().current().duration(SAMPLE_INTERVAL)));
        records.keySet().retainAll(supervisor.registry().workers());
        supervisor.registry().workers().forEach(worker -> sample(worker, every));
    }

    private void tellAbsence() {
        if (!absenceTold) {
            absenceTold = true;
            LOG.warn(
                    "pool '{}': this system has no /proc, so workers are not sampled and memory limits are not enforced",
                    parts.name());
        }
    }

    private void sample(Worker worker, long privateEvery) {
        WorkerProcess process = worker.process();
        if (process == null || process.channels().isEmpty()) {
            return; // not ready yet
        }
        long calls = worker.calls();
        boolean busy = worker.state() == WorkerState.BUSY;
        ProcessSample before = worker.sample();
        boolean withPrivate = before == null || (round + worker.pid()) % privateEvery == 0; // not of all at once
        ProcessSample sample = sampler.sample(worker.pid(), before, withPrivate);
        if (sample == null || process.exit().isDone()) {
            return; // on its way out; the fork server reports how
        }
        long nanos = parts.ticker().nanos();
        worker.sampled(new TimedSample(sample, nanos));
        act(worker, new UsageRecord.Sample(nanos, calls, busy, sample));
    }

    private void act(Worker worker, UsageRecord.Sample usage) {
        UsageRecord record = records.computeIfAbsent(worker, unused -> new UsageRecord(usage.nanos(), random));
        LimitBreach breach = record.breach(usage, worker.requireProcess().limits());
        if (breach != null) {
            if (worker.endFor(breach)) {
                LOG.warn("pool '{}': terminating worker {}: {}", parts.name(), worker, breach.inWords());
            }
            return;
        }
        @Nullable String outgrown = record.outgrown(usage, parts.store().current());
        if (outgrown != null) {
            LOG.info("pool '{}': worker {} is replaced when idle: {}", parts.name(), worker, outgrown);
            supervisor.recycle(worker, TransitionReason.MEMORY_LIMIT_REACHED);
        }
    }
}
