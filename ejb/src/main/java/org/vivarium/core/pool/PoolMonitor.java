package org.vivarium.core.pool;

import static java.util.Objects.requireNonNull;
import static org.vivarium.core.config.PoolParameter.MAXIMUM_WORKERS;
import static org.vivarium.core.config.PoolParameter.MINIMUM_WORKERS;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.vivarium.api.PoolState;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.worker.StateTime;
import org.vivarium.api.view.worker.TransitionView;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.capacity.WorkerSnapshot;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.context.PoolCounters;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.health.HealthChecks;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.procfs.ProcessSample;
import org.vivarium.core.supervision.PoolSupervisor;
import org.vivarium.core.supervision.WorkerRegistry;
import org.vivarium.core.worker.StateTimes;
import org.vivarium.core.worker.Transition;
import org.vivarium.core.worker.Worker;

/** Takes snapshots of a pool. */
final class PoolMonitor {
    private static final int MOST_LOOKS = 100;
    private static final long LOOK_AGAIN_NANOS = 50_000;

    private final PoolContext parts;
    private final PoolSupervisor supervisor;
    private final HealthChecks health;
    private final WaitingCalls waiting;
    private final PoolCounters counters;
    private final Instant since;

    PoolMonitor(
            PoolContext parts,
            PoolSupervisor supervisor,
            HealthChecks health,
            WaitingCalls waiting,
            PoolCounters counters) {
        this.parts = parts;
        this.health = health;
        this.supervisor = supervisor;
        this.waiting = waiting;
        this.counters = counters;
        this.since = parts.clock().instant();
    }

    PoolView view() {
        Census census = census();
        Map<WorkerState, Integer> states = census.states();
        int spares = census.spares();
        int busy = states.getOrDefault(WorkerState.BUSY, 0);
        int idle = states.getOrDefault(WorkerState.READY, 0) - spares;
        PoolSettings settings = parts.store().current();
        return new PoolView(
                parts.name(),
                state(idle + busy).name(),
                supervisor.governor().problem(),
                settings.integer(MINIMUM_WORKERS),
                settings.integer(MAXIMUM_WORKERS),
                supervisor.demand().target(),
                states.values().stream().mapToInt(Integer::intValue).sum(),
                idle + busy,
                busy,
                idle,
                states.getOrDefault(WorkerState.INITIALIZING, 0),
                states.getOrDefault(WorkerState.DEGRADED, 0),
                states.getOrDefault(WorkerState.DRAINING, 0),
                spares,
                census.slots(),
                census.busySlots(),
                waiting.count(),
                waiting.oldestNanos() / 1e6,
                waiting.pool().sessions().size(),
                counters.totals(supervisor.governor().recoveries()),
                supervisor.governor().decisions(),
                supervisor.governor().recoveryMillisLast(),
                supervisor.rollouts().current().number(),
                supervisor.rollouts().view(),
                since);
    }

    /** Counts again if workers entered or left service meanwhile: else one that went and its replacement are missed. */
    private Census census() {
        Census census = null;
        for (int looks = 0; looks < MOST_LOOKS; looks++) {
            int before = supervisor.moves();
            census = count();
            if (before % 2 == 0 && supervisor.moves() == before) {
                break;
            }
            LockSupport.parkNanos(this, LOOK_AGAIN_NANOS);
        }
        return requireNonNull(census);
    }

    private Census count() {
        Map<WorkerState, Integer> states = new EnumMap<>(WorkerState.class);
        int spares = 0;
        int slots = 0;
        int busySlots = 0;
        for (Worker worker : supervisor.registry().workers()) {
            WorkerSnapshot snapshot = new WorkerSnapshot(worker, worker.state(), worker.inService(), null);
            states.merge(snapshot.state(), 1, Integer::sum);
            spares += snapshot.isSpare() ? 1 : 0;
            if (snapshot.isAble()) {
                slots += slots(worker);
                busySlots += worker.machine().busySlots();
            }
        }
        return new Census(states, spares, slots, busySlots);
    }

    /** Returns for each worker how many calls it may have: all its slots while it serves, else those that it has. */
    Map<String, Integer> slots() {
        Map<String, Integer> slots = new HashMap<>();
        for (Worker worker : supervisor.registry().workers()) {
            int busy = worker.machine().busySlots();
            boolean serves = new WorkerSnapshot(worker, worker.state(), worker.inService(), null).isAble();
            if (serves || busy > 0) {
                slots.put(worker.name(), serves ? slots(worker) : busy);
            }
        }
        return slots;
    }

    /** Returns what all workers have done, those that have gone included. */
    WorkerActivity activity() {
        WorkerRegistry.Totals totals = supervisor.registry().totals();
        return new WorkerActivity(
                Arrays.stream(WorkerState.values())
                        .filter(state -> state != WorkerState.TERMINATED)
                        .map(state -> new StateTime(
                                state,
                                totals.states().nanos(state) / 1e9,
                                totals.states().stays(state)))
                        .toList(),
                supervisor.governor().counts(),
                health.results(),
                totals.sentBytes(),
                totals.receivedBytes());
    }

    private record Census(Map<WorkerState, Integer> states, int spares, int slots, int busySlots) {}

    /** Returns whether calls are running. */
    boolean hasCalls() {
        return supervisor.registry().workers().stream()
                .filter(worker -> worker.machine().busySlots() > 0)
                .map(Worker::state)
                .anyMatch(state -> state == WorkerState.BUSY || state == WorkerState.DRAINING);
    }

    private PoolState state(int serving) {
        NoSlotException.Reason refusing = waiting.dispatcher().refusing();
        if (refusing != null) {
            return refusing == NoSlotException.Reason.DRAINED ? PoolState.DRAINED : PoolState.STOPPED;
        }
        if (supervisor.governor().problem() != null) {
            return serving == 0 && supervisor.governor().startsFail() ? PoolState.BROKEN : PoolState.DEGRADED;
        }
        if (supervisor.demand().asleep()) {
            return PoolState.IDLE;
        }
        return serving == 0 ? PoolState.STARTING : PoolState.RUNNING;
    }

    WorkerView view(Worker worker) {
        WorkerProcess process = worker.process();
        ProcessSample seen = worker.sample();
        return new WorkerView(
                worker.name(),
                parts.name(),
                worker.pid(),
                worker.generation(),
                worker.inService(),
                worker.state(),
                worker.health(),
                slots(worker),
                worker.machine().busySlots(),
                worker.calls(),
                worker.errors(),
                worker.healthFailures(),
                worker.created(),
                worker.lastCheck(),
                process == null ? 0 : process.silence().toMillis(),
                seen == null ? "" : String.valueOf(seen.state()),
                seen == null ? 0 : seen.rssBytes(),
                seen == null ? 0 : seen.privateBytes(),
                seen == null ? 0 : seen.cpuMillis(),
                seen == null ? 0 : seen.threads(),
                seen == null ? 0 : seen.openDescriptors(),
                stateMillis(worker.machine().times()),
                worker.sentBytes(),
                worker.receivedBytes(),
                history(worker));
    }

    private static Map<String, Double> stateMillis(StateTimes times) {
        Map<String, Double> millis = new LinkedHashMap<>();
        for (WorkerState state : WorkerState.values()) {
            if (times.nanos(state) > 0) {
                millis.put(state.name(), times.nanos(state) / 1e6);
            }
        }
        return millis;
    }

    private static int slots(Worker worker) {
        WorkerProcess process = worker.process();
        return process == null ? 0 : process.slots();
    }

    private static List<TransitionView> history(Worker worker) {
        return worker.machine().history().stream().map(PoolMonitor::view).toList();
    }

    private static TransitionView view(Transition transition) {
        return new TransitionView(
                transition.from(),
                transition.to(),
                transition.reason().name(),
                transition.timeInFrom().toNanos() / 1e6,
                transition.at(),
                transition.detail());
    }
}
