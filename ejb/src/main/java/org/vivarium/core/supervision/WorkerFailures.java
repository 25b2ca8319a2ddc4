package org.vivarium.core.supervision;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.log.LogFields;
import org.vivarium.core.program.Isolation;
import org.vivarium.core.recovery.Diagnosis;
import org.vivarium.core.recovery.Failure;
import org.vivarium.core.recovery.RestartGovernor;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/** Makes sure that each failure of a worker is decided on, once. Belongs to the life cycle's thread. */
final class WorkerFailures {
    private static final Duration EXIT_STATUS_WITHIN = Duration.ofMillis(50);

    private final WorkerRegistry registry;
    private final RestartGovernor governor;
    private final LifeCycleThread lifeCycle;
    private final Isolation isolation;
    private final Runnable reconcile;

    WorkerFailures(
            WorkerRegistry registry,
            RestartGovernor governor,
            LifeCycleThread lifeCycle,
            Isolation isolation,
            Runnable reconcile) {
        this.registry = registry;
        this.governor = governor;
        this.lifeCycle = lifeCycle;
        this.isolation = isolation;
        this.reconcile = reconcile;
    }

    /** Takes in a worker that was given up at {@code nanos} by the ticker. */
    void lost(Worker worker, TransitionReason reason, long nanos) {
        PooledWorker pooled = registry.pooled(worker);
        if (pooled == null || !pooled.lost()) {
            return; // handled before, by its exit or by the owner of another of its slots
        }
        governor.lost(nanos);
        if (reason == TransitionReason.CHANNEL_LOST) { // its exit is on the way as a rule, and says more
            lifeCycle.later(LogFields.carriedTo(() -> decide(worker, null)), EXIT_STATUS_WITHIN);
        } else {
            decide(worker, null);
        }
    }

    /**
     * Acts on the failure of {@code worker}, once: whoever knows first decides.
     *
     * @param exit how the process ended; {@code null} while nobody knows
     */
    void decide(Worker worker, @Nullable String exit) {
        PooledWorker pooled = registry.pooled(worker);
        Failure failure = Diagnosis.of(worker, exit);
        if (pooled != null && failure != null && pooled.failed()) {
            Set<String> programs = worker.diedRunning();
            if (failure.isCrash() && !(failure instanceof Failure.LimitExceeded)) { // that one we ordered
                programs.forEach(program -> isolation.killed(program, worker.name()));
            }
            Duration delay = governor.decide(failure, !programs.isEmpty()).delay();
            if (delay.compareTo(Duration.ZERO) > 0) {
                lifeCycle.later(reconcile, governor.pause());
            }
        }
        reconcile.run();
    }
}
