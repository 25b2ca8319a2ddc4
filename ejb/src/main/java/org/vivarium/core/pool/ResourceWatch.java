package org.vivarium.core.pool;

import java.util.HashMap;
import java.util.Map;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.WorkerState;
import org.vivarium.core.process.ProcessSample;
import org.vivarium.core.process.ProcessSampler;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.worker.LimitBreach;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Looks at what the workers of one pool use, replaces those that have grown too large and ends those that use more than
 * they may. Thread safe: one look at a time.
 */
final class ResourceWatch {
    private static final Logger LOG = LoggerFactory.getLogger(ResourceWatch.class);

    /** Private memory is added up page by page in the kernel, so it is asked for in every tenth round only. */
    private static final int PRIVATE_EVERY = 10;

    private final PoolParts parts;
    private final PoolSupervisor supervisor;
    private final ProcessSampler sampler;
    private final DoubleSupplier random;
    private final Map<Worker, UsageRecord> records = new HashMap<>();
    private int round;
    private boolean absenceTold;

    ResourceWatch(PoolParts parts, PoolSupervisor supervisor, ProcessSampler sampler, DoubleSupplier random) {
        this.parts = parts;
        this.supervisor = supervisor;
        this.sampler = sampler;
        this.random = random;
    }

    /** Looks at every worker that is in service, once. */
    synchronized void sweep() {
        if (!sampler.isAvailable()) {
            tellAbsence();
            return;
        }
        boolean withPrivate = round++ % PRIVATE_EVERY == 0;
        records.keySet().retainAll(supervisor.roster().workers());
        supervisor.roster().workers().forEach(worker -> look(worker, withPrivate));
    }

    private void tellAbsence() {
        if (!absenceTold) {
            absenceTold = true;
            LOG.warn(
                    "pool '{}': this system has no /proc, so workers are not measured, and limits of memory are not kept",
                    parts.name());
        }
    }

    private void look(Worker worker, boolean withPrivate) {
        WorkerProcess process = worker.process();
        if (process == null || process.channels().isEmpty()) {
            return; // not ready yet
        }
        long calls = worker.calls();
        boolean busy = worker.state() == WorkerState.BUSY;
        ProcessSample before = worker.sample();
        ProcessSample sample = sampler.sample(worker.pid(), before, withPrivate || before == null);
        if (sample == null || process.exit().isDone()) {
            return; // on its way out; the fork server tells how
        }
        worker.sampled(sample);
        act(worker, new UsageRecord.Look(parts.ticker().nanos(), calls, busy, sample));
    }

    private void act(Worker worker, UsageRecord.Look look) {
        UsageRecord usage = records.computeIfAbsent(worker, unused -> new UsageRecord(look.nanos(), random));
        LimitBreach breach = usage.breach(look, worker.requireProcess().limits());
        if (breach != null) {
            if (worker.endFor(breach)) {
                LOG.warn("pool '{}': worker {} is ended: {}", parts.name(), worker, breach.inWords());
            }
            return;
        }
        @Nullable String outgrown = usage.outgrown(look, parts.store().current());
        if (outgrown != null) {
            LOG.info("pool '{}': worker {} is replaced when idle: {}", parts.name(), worker, outgrown);
            supervisor.recycle(worker, TransitionReason.MEMORY_LIMIT_REACHED);
        }
    }
}
