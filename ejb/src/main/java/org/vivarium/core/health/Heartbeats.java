package org.vivarium.core.health;

import static org.vivarium.core.config.PoolParameter.MAXIMUM_MISSED_HEARTBEATS;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.procfs.ProcessState;
import org.vivarium.core.supervision.PoolSupervisor;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Looks for workers that have fallen silent: a busy one or a spare that gives no other sign of life either is ended, an
 * idle one is pinged out of turn. How long a call takes plays no part. Belongs to one periodic job.
 */
public final class Heartbeats {
    private final PoolContext parts;
    private final PoolSupervisor supervisor;
    private final HealthChecks health;
    private final Map<Worker, LivenessDetector> detectors = new HashMap<>();

    public Heartbeats(PoolContext parts, PoolSupervisor supervisor, HealthChecks health) {
        this.parts = parts;
        this.supervisor = supervisor;
        this.health = health;
    }

    /** Looks at every worker once; never waits. */
    public void sweep() {
        List<Worker> workers = supervisor.registry().workers();
        detectors.keySet().retainAll(workers);
        for (Worker worker : workers) {
            WorkerProcess process = worker.process();
            if (process != null) {
                check(worker, process);
            }
        }
    }

    private void check(Worker worker, WorkerProcess process) {
        switch (worker.state()) {
            case READY -> {
                String how = lifeless(worker, process);
                if (how != null) {
                    doubt(worker, how);
                }
            }
            case BUSY, DRAINING -> {
                String how = lifeless(worker, process);
                if (how != null) {
                    supervisor.giveUp(worker, TransitionReason.HEARTBEAT_LOST, how);
                }
            }
            case INITIALIZING, DEGRADED, TERMINATING, TERMINATED -> detectors.remove(worker);
        }
    }

    /** A spare cannot be pinged, for its slots are not lent, and must not be what takes the place of another. */
    private void doubt(Worker worker, String how) {
        if (worker.inService()) {
            health.checkSoon(worker);
        } else {
            supervisor.giveUp(worker, TransitionReason.HEARTBEAT_LOST, how);
        }
    }

    /** Returns in words for how long a worker has shown no sign of life; {@code null} if that is not too long yet. */
    private @Nullable String lifeless(Worker worker, WorkerProcess process) {
        Duration silence = process.silence();
        Duration interval = process.heartbeatInterval();
        LivenessDetector detector = detectors.computeIfAbsent(worker, key -> new LivenessDetector());
        if (silence.compareTo(interval) <= 0) {
            detector.heard();
            return null;
        }
        ProcessState sample = process.state();
        if (sample == null) {
            return null; // gone: its exit is on its way
        }
        Duration lifeless = detector.observe(silence, sample.isRunnable(), sample.cpu());
        int missed = parts.store().current().integer(MAXIMUM_MISSED_HEARTBEATS);
        if (lifeless.compareTo(interval.multipliedBy(missed)) < 0) {
            return null;
        }
        return "gave no sign of life for %d ms (%d heartbeats of %d ms are allowed to be missing; the process %s)"
                .formatted(lifeless.toMillis(), missed, interval.toMillis(), sample.inWords());
    }
}
