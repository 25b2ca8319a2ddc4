package org.vivarium.core.supervision;

import static java.util.Objects.requireNonNull;
import static org.vivarium.core.config.PoolParameter.LAZY;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Actor;
import org.vivarium.api.event.PoolResized;
import org.vivarium.api.view.PoolTotals.Counter;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.capacity.CapacityPlan;
import org.vivarium.core.capacity.Demand;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.context.PoolCounters;
import org.vivarium.core.dispatch.InFlight;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.dispatch.SlotDispatcher;
import org.vivarium.core.dispatch.SlotTable;
import org.vivarium.core.dispatch.WorkerDisposal;
import org.vivarium.core.log.LogFields;
import org.vivarium.core.program.Isolation;
import org.vivarium.core.program.ProgramCatalog;
import org.vivarium.core.program.Programs;
import org.vivarium.core.recovery.RestartGovernor;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Keeps as many workers alive as were asked for.
 *
 * <p>All decisions are taken on one thread, the {@link LifeCycleThread}; what other threads notice becomes a task
 * there. No call ever waits for it, except for a slot.
 */
public final class PoolSupervisor implements WorkerDisposal {
    private static final Duration TICK = Duration.ofMillis(100);

    private final PoolContext parts;
    private final LifeCycleThread lifeCycle;
    private final SlotTable table;
    private final ProgramCatalog catalog;
    private final Isolation isolation;
    private final PoolCounters counters;
    private final WorkerRegistry registry;
    private final WorkerLifeCycle workers;
    private final SlotLending lending;
    private final CapacityPlanner capacity;
    private final Rollouts rollouts;
    private final RestartGovernor governor;
    private final MemoryCheck memory;
    private final WorkerFailures failures;

    /** Odd while workers change places: who takes a snapshot meanwhile takes another one. */
    private final AtomicInteger moves = new AtomicInteger();

    private @Nullable SlotDispatcher dispatcher;

    public PoolSupervisor(
            PoolContext parts, LifeCycleThread lifeCycle, SlotTable table, Programs programs, PoolCounters counters) {
        this.parts = parts;
        this.registry = new WorkerRegistry(() -> parts.service().get().integer(ServiceParameter.ENDED_WORKERS));
        this.lifeCycle = lifeCycle;
        this.table = table;
        this.catalog = programs.catalog();
        this.isolation = programs.isolation();
        this.counters = counters;
        this.capacity = new CapacityPlanner(parts, registry);
        this.lending = new SlotLending(parts, lifeCycle, table, registry);
        this.workers = new WorkerLifeCycle(parts, lifeCycle, registry, lending, new Decisions());
        this.rollouts = new Rollouts(parts, lifeCycle, registry, programs.catalog(), new TrialCrew());
        this.governor = new RestartGovernor(parts);
        this.memory = new MemoryCheck(parts, registry, governor);
        this.failures = new WorkerFailures(registry, governor, lifeCycle, isolation, this::reconcile);
    }

    /** Names the dispatcher, which in turn was built with this supervisor; before anything else. */
    public void serve(SlotDispatcher dispatcher) {
        this.dispatcher = dispatcher;
        lending.through(dispatcher);
    }

    private SlotDispatcher dispatcher() {
        return requireNonNull(dispatcher, "serve() comes first");
    }

    /** Returns the workers of the pool. */
    public WorkerRegistry registry() {
        return registry;
    }

    /** Returns a number that is odd while workers enter or leave service, and another one after they have. */
    public int moves() {
        return moves.get();
    }

    /** Returns the slots of all live workers, wherever they are now. */
    public List<Slot> slots() {
        return table.slots();
    }

    /** Returns how many workers are wanted, and whether there are none because nobody has called yet. */
    public Demand demand() {
        return capacity.demand();
    }

    /** Returns how the pool comes from one generation of its Python to the next. */
    public Rollouts rollouts() {
        return rollouts;
    }

    /** Returns what went wrong lately, and what was decided about it. */
    public RestartGovernor governor() {
        return governor;
    }

    @Override
    public String problem() {
        String current = governor.problem();
        return current == null ? "" : ": " + current;
    }

    /** Sets the number of workers to keep, from the first call on if {@code lazy}; returns at once. */
    public void start(int workers, boolean lazy) {
        demand().keep(workers, lazy); // before any call, which may have to end the sleep
        lifeCycle.run(this::tick);
    }

    /** Sets the number of workers to keep; returns at once. */
    public void resize(int workers, Actor actor) {
        lifeCycle.run(() -> change(actor.name(), () -> demand().keep(workers, false)));
    }

    /** Fits the number of workers to changed settings; returns at once. */
    public void follow(PoolSettings settings, String by) {
        lifeCycle.run(() -> change(by, () -> {
            demand().follow(settings);
            if (!settings.isOn(LAZY)) {
                demand().wake();
            }
        }));
    }

    /** Changes the number of workers, publishes the change, and acts on it. */
    private void change(String by, Runnable how) {
        int before = demand().target();
        how.run();
        if (demand().target() != before) {
            parts.telemetry().publish(new PoolResized(parts.name(), before, demand().target(), by));
        }
        reconcile();
    }

    @Override
    public void wake() {
        if (demand().asleep()) {
            lifeCycle.run(() -> change("first call", demand()::wake));
        }
    }

    @Override
    public void recycle(Worker worker, TransitionReason reason) {
        lifeCycle.run(() -> {
            capacity.leave(worker, reason);
            reconcile();
        });
    }

    /** Starts a rolling restart with {@code python}; returns {@code false} if one goes on. */
    public boolean rollOut(PythonSettings python, String by) {
        return rollouts.reserve()
                && lifeCycle.run(() -> {
                    change(by, demand()::wake);
                    rollouts.begin(python, by);
                });
    }

    private void tick() {
        lifeCycle.later(this::tick, TICK); // first: nothing below may end the ticking
        capacity.retire();
        isolation.sweep();
        change("load", () -> capacity.observe(dispatcher()));
    }

    /** Has {@code task}, which must not block, run on the life cycle's thread after {@code delay}. */
    public void later(Runnable task, Duration delay) {
        lifeCycle.later(task, delay);
    }

    @Override
    public void handOver(Slot slot) {
        if (!SlotLending.servesOn(slot)) {
            dispatcher().close(slot); // at once: the next call of a session must not wait for this worker
        }
        if (!lifeCycle.run(() -> lending.returned(slot))) {
            slot.channel().close(); // nobody else will
        }
    }

    /** Notes that a degraded worker takes calls again. */
    public void recovered(Worker worker) {
        lifeCycle.run(() -> lending.recovered(worker));
    }

    @Override
    public void discard(Slot slot, TransitionReason reason, @Nullable String detail) {
        Worker worker = slot.worker();
        worker.diedRunning(programsOf(worker)); // now, for its exit may be handled before what follows
        worker.discarded();
        worker.machine().beginTermination(reason, detail == null ? "" : detail);
        worker.requireProcess().kill();
        slot.wantBack();
        dispatcher().close(slot);
        long now = parts.ticker().nanos();
        boolean open = lifeCycle.run(LogFields.carriedTo(() -> {
            lending.returned(slot);
            failures.lost(worker, reason, now);
        }));
        if (!open) {
            slot.channel().close(); // nobody else will
        }
    }

    /** Terminates a worker whose slots are with callers: they see the end of their channel. */
    public void giveUp(Worker worker, TransitionReason reason, String detail) {
        if (worker.machine().beginTermination(reason, detail)) {
            worker.diedRunning(programsOf(worker));
            worker.discarded();
            worker.requireProcess().kill();
            long now = parts.ticker().nanos();
            lifeCycle.run(() -> failures.lost(worker, reason, now));
        }
    }

    /** Returns the programs of the calls that {@code worker} has now. */
    private Set<String> programsOf(Worker worker) {
        return slots().stream()
                .filter(slot -> slot.worker() == worker)
                .map(Slot::call)
                .filter(Objects::nonNull)
                .map(InFlight::program)
                .collect(Collectors.toSet());
    }

    private void reconcile() {
        CapacityPlan plan = capacity.plan(governor.startsAtOnce());
        moves.incrementAndGet();
        try {
            plan.enlist().forEach(this::enlist);
            plan.drain().forEach(this::drain);
        } finally {
            moves.incrementAndGet();
        }
        if (capacity.full()) {
            governor.full(); // after those have come into service who replace the lost
        }
        if (plan.start() > 0 && !governor.pausing()) {
            start(memory.fitting(plan.start()));
        }
        rollouts.settle();
    }

    private void start(int wanted) {
        int admitted = governor.admit(wanted);
        for (int i = 0; i < admitted; i++) {
            workers.launch(enroll(rollouts.current(), false));
        }
        if (admitted < wanted) {
            lifeCycle.later(this::reconcile, TICK);
        }
    }

    private void enlist(Worker worker) {
        PooledWorker pooled = registry.pooled(worker);
        if (pooled != null && lending.enlist(pooled)) {
            governor.serving(worker.name());
        }
    }

    private void drain(Worker worker, TransitionReason reason) {
        PooledWorker pooled = registry.pooled(worker);
        if (pooled != null && pooled.leaving() != null && worker.inService()) {
            counters.count(Counter.RECYCLED);
        }
        lending.drain(worker, reason);
    }

    private PooledWorker enroll(Generation generation, boolean onTrial) {
        PooledWorker pooled = capacity.enroll(workers.make(generation), generation);
        pooled.onTrial(onTrial);
        return pooled;
    }

    /** Closes what no caller owns; the processes end with their host. */
    public void close() {
        lifeCycle.close(lending::close);
    }

    /** What a rollout may do with workers. */
    private final class TrialCrew implements Rollouts.Crew {
        @Override
        public void launchOnTrial(Generation generation) {
            String obstacle = memory.obstacle();
            PooledWorker pooled = enroll(generation, true);
            if (obstacle == null) {
                workers.launch(pooled);
            } else {
                workers.neverStarted(pooled.worker(), obstacle);
            }
        }

        @Override
        public void dismiss(Worker worker, String detail) {
            worker.machine().beginTermination(TransitionReason.ROLLED_BACK, detail);
            SlotLending.kill(worker);
        }

        @Override
        public void reconcile() {
            governor.changed(); // what kept the generation before from starting
            PoolSupervisor.this.reconcile();
        }
    }

    /** What becomes of workers, and what follows from it. */
    private final class Decisions implements WorkerLifeCycle.Observer {
        @Override
        public void ready(PooledWorker pooled, List<ProgramView> programs) {
            governor.started();
            counters.count(Counter.STARTED);
            if (pooled.onTrial()) {
                rollouts.examine(pooled, programs);
            } else {
                catalog.update(programs);
                reconcile();
            }
        }

        @Override
        public void startFailed(Worker worker, String reason) {
            if (rollouts.failed(worker, "could not start: " + reason)) {
                return; // the generation before goes on
            }
            governor.startFailed(worker.name(), reason);
            lifeCycle.later(PoolSupervisor.this::reconcile, governor.pause());
        }

        @Override
        public void forkRefused(Worker worker, String reason, CompletableFuture<Void> cleared) {
            if (rollouts.failed(worker, "could not be forked: " + reason)) {
                return; // the generation before goes on
            }
            governor.forkRefused(worker.name(), reason);
            CompletableFuture<?> unused = cleared.thenRun(() -> lifeCycle.run(() -> {
                governor.changed();
                PoolSupervisor.this.reconcile();
            }));
        }

        @Override
        public void died(Worker worker, String how) {
            TransitionReason reason = worker.machine().terminationReason();
            if (reason == null) {
                governor.lost(parts.ticker().nanos());
            }
            if (reason == null || !reason.isOfItsCall()) {
                rollouts.failed(worker, how);
            }
            worker.diedRunning(programsOf(worker));
            failures.decide(worker, how);
            counters.count(Counter.DIED);
        }

        @Override
        public void gone() {
            reconcile();
        }

        @Override
        public void outputDropped(long lines) {
            counters.add(Counter.DROPPED_LINES, lines);
        }
    }
}
