package org.vivarium.core.supervision;

import static org.vivarium.core.config.PoolParameter.MAXIMUM_REPLACEMENTS;
import static org.vivarium.core.config.PoolParameter.WARM_SPARES;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.vivarium.api.WorkerState;
import org.vivarium.core.capacity.CapacityPlan;
import org.vivarium.core.capacity.Demand;
import org.vivarium.core.capacity.Retirement;
import org.vivarium.core.capacity.WorkerSnapshot;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.SlotDispatcher;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Looks at workers, waiting callers and settings, and says how many workers there should be and which should go; the
 * supervisor acts on it. Belongs to the supervisor's thread.
 */
final class CapacityPlanner {
    private final PoolContext parts;
    private final WorkerRegistry registry;
    private final Demand demand = new Demand();
    private final Retirement retirement =
            new Retirement(() -> ThreadLocalRandom.current().nextDouble());

    CapacityPlanner(PoolContext parts, WorkerRegistry registry) {
        this.parts = parts;
        this.registry = registry;
    }

    Demand demand() {
        return demand;
    }

    /** Makes a pooled of the pool of a new worker. */
    PooledWorker enroll(Worker worker, Generation generation) {
        PooledWorker pooled =
                new PooledWorker(worker, generation, parts.ticker().nanos(), retirement.draw());
        limit(pooled, parts.store().current());
        registry.add(pooled);
        return pooled;
    }

    private static void limit(PooledWorker pooled, PoolSettings settings) {
        pooled.worker().limitCalls(Retirement.callLimit(settings, pooled.factor()));
    }

    /** Marks a worker as one to be replaced; nothing if it has gone. */
    void leave(Worker worker, TransitionReason reason) {
        PooledWorker pooled = registry.pooled(worker);
        if (pooled != null && !pooled.onTrial()) {
            pooled.leaving(reason);
        }
    }

    /** Marks the workers that have done their share. */
    void retire() {
        PoolSettings settings = parts.store().current();
        long now = parts.ticker().nanos();
        for (PooledWorker pooled : registry.all()) {
            limit(pooled, settings);
            Worker worker = pooled.worker();
            TransitionReason due = Retirement.due(worker.calls(), now - pooled.sinceNanos(), pooled.factor(), settings);
            if (due != null) {
                leave(worker, due);
            }
        }
    }

    /** Lets the demand follow the load. */
    void observe(SlotDispatcher dispatcher) {
        List<WorkerSnapshot> able = standings().filter(WorkerSnapshot::isAble).toList();
        int idle = (int) able.stream()
                .filter(snapshot -> snapshot.state() == WorkerState.READY)
                .count();
        Demand.Load load =
                new Demand.Load(dispatcher.waitingForAny(), dispatcher.oldestWaitForAnyNanos(), able.size(), idle);
        demand.observe(load, parts.store().current(), parts.ticker().nanos());
    }

    /** Returns whether as many workers serve as are wanted; one whose exit is just being handled does not. */
    boolean full() {
        long active = registry.all().stream()
                .filter(pooled -> !pooled.onTrial() && !pooled.hasFailed())
                .map(PooledWorker::snapshot)
                .filter(WorkerSnapshot::isActive)
                .count();
        return active >= demand.target();
    }

    /** Returns what to do now, if at most {@code startsAtOnce} workers may be starting. */
    CapacityPlan plan(int startsAtOnce) {
        PoolSettings settings = parts.store().current();
        return CapacityPlan.of(
                standings().toList(),
                new CapacityPlan.Targets(
                        demand.target(),
                        demand.asleep() ? 0 : settings.integer(WARM_SPARES),
                        settings.integer(MAXIMUM_REPLACEMENTS),
                        startsAtOnce));
    }

    private Stream<WorkerSnapshot> standings() {
        return registry.all().stream().filter(pooled -> !pooled.onTrial()).map(PooledWorker::snapshot);
    }
}
