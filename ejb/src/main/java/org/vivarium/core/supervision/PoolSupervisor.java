package org.vivarium.core.supervision;

import static java.util.Objects.requireNonNull;
import static org.vivarium.core.config.PoolParameter.LAZY;
import static org.vivarium.core.config.PoolParameter.START_TIMEOUT;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.PoolResized;
import org.vivarium.api.event.WorkerEnded;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.capacity.CapacityPlan;
import org.vivarium.core.capacity.Demand;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.context.PoolCounters;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.dispatch.SlotDispatcher;
import org.vivarium.core.dispatch.SlotTable;
import org.vivarium.core.dispatch.WorkerDisposal;
import org.vivarium.core.log.LogFields;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.program.ProgramCatalog;
import org.vivarium.core.recovery.RestartGovernor;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Keeps as many workers alive as were asked for.
 *
 * <p>All decisions are taken on one thread, the {@link LifeCycle}; what other threads notice becomes a task there. No
 * call ever waits for it, except for a slot.
 */
public final class PoolSupervisor implements WorkerDisposal {
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Logger LOG = LoggerFactory.getLogger(PoolSupervisor.class);

    private final PoolContext parts;
    private final LifeCycle lifeCycle;
    private final SlotTable table;
    private final ProgramCatalog catalog;
    private final PoolCounters counters;
    private final WorkerRegistry roster = new WorkerRegistry();
    private final WorkerFactory factory;
    private final SlotLending lending;
    private final CapacityPlanner capacity;
    private final Rollouts rollouts;
    private final RestartGovernor setbacks;
    private final WorkerFailures casualties;

    /** Odd while workers change places: who takes a picture meanwhile takes another one. */
    private final AtomicInteger moves = new AtomicInteger();

    private @Nullable SlotDispatcher dispatcher;

    public PoolSupervisor(
            PoolContext parts, LifeCycle lifeCycle, SlotTable table, ProgramCatalog catalog, PoolCounters counters) {
        this.parts = parts;
        this.lifeCycle = lifeCycle;
        this.table = table;
        this.catalog = catalog;
        this.counters = counters;
        this.factory = new WorkerFactory(parts);
        this.capacity = new CapacityPlanner(parts, roster);
        this.lending = new SlotLending(parts, lifeCycle, table, roster);
        this.rollouts = new Rollouts(parts, lifeCycle, roster, catalog, new TrialCrew());
        this.setbacks = new RestartGovernor(parts);
        this.casualties = new WorkerFailures(roster, setbacks, lifeCycle, this::reconcile);
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
    public WorkerRegistry roster() {
        return roster;
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
    public RestartGovernor setbacks() {
        return setbacks;
    }

    @Override
    public String problem() {
        String current = setbacks.problem();
        return current == null ? "" : ": " + current;
    }

    /** Sets the number of workers to keep, from the first call on if {@code lazy}; returns at once. */
    public void start(int workers, boolean lazy) {
        demand().keep(workers, lazy); // before any call, which may have to end the sleep
        lifeCycle.run(this::tick);
    }

    /** Sets the number of workers to keep; returns at once. */
    public void resize(int workers, String by) {
        lifeCycle.run(() -> change(by, () -> demand().keep(workers, false)));
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

    /** Has the number of workers changed, told, and followed. */
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

    /** Hears that a degraded worker takes calls again. */
    public void recovered(Worker worker) {
        lifeCycle.run(() -> lending.recovered(worker));
    }

    @Override
    public void condemn(Slot slot, TransitionReason reason, @Nullable String detail) {
        Worker worker = slot.worker();
        worker.condemned();
        worker.machine().beginTermination(reason, detail == null ? "" : detail);
        worker.requireProcess().kill();
        slot.wantBack();
        dispatcher().close(slot);
        long now = parts.ticker().nanos();
        boolean open = lifeCycle.run(LogFields.carriedTo(() -> {
            lending.returned(slot);
            casualties.lost(worker, reason, now);
        }));
        if (!open) {
            slot.channel().close(); // nobody else will
        }
    }

    /** Ends a worker whose slots are with callers: they see the end of their channel. */
    public void giveUp(Worker worker, TransitionReason reason, String detail) {
        if (worker.machine().beginTermination(reason, detail)) {
            worker.condemned();
            worker.requireProcess().kill();
            long now = parts.ticker().nanos();
            lifeCycle.run(() -> casualties.lost(worker, reason, now));
        }
    }

    private void reconcile() {
        CapacityPlan plan = capacity.plan(setbacks.startsAtOnce());
        if (capacity.full()) {
            setbacks.full();
        }
        moves.incrementAndGet();
        try {
            plan.enlist().forEach(this::enlist);
            plan.drain().forEach(this::drain);
        } finally {
            moves.incrementAndGet();
        }
        if (plan.start() > 0 && !setbacks.pausing()) {
            for (int i = 0; i < plan.start(); i++) {
                launch(rollouts.current(), false);
            }
        }
        rollouts.settle();
    }

    private void enlist(Worker worker) {
        PooledWorker member = roster.member(worker);
        if (member != null && lending.enlist(member)) {
            setbacks.serving(worker.name());
        }
    }

    private void drain(Worker worker, TransitionReason reason) {
        PooledWorker member = roster.member(worker);
        if (member != null && member.leaving() != null && worker.inService()) {
            counters.recycled.increment();
        }
        lending.drain(worker, reason);
    }

    private void launch(Generation generation, boolean onTrial) {
        Worker worker = factory.make(generation);
        PooledWorker member = capacity.enroll(worker, generation);
        member.onTrial(onTrial);
        CompletableFuture<?> unused = factory.launch(worker, generation, new Listener(member))
                .exceptionally(failure -> {
                    lifeCycle.run(() -> neverStarted(worker, WorkerFactory.sentence(failure)));
                    return null;
                });
        lifeCycle.later(() -> startTimedOut(worker), parts.store().current().duration(START_TIMEOUT));
    }

    private void startTimedOut(Worker worker) {
        if (worker.state() == WorkerState.INITIALIZING) {
            Duration limit = parts.store().current().duration(START_TIMEOUT);
            startFailed(worker, "it was not ready within StartTimeoutMillis = " + limit.toMillis());
            if (worker.process() == null) {
                gone(worker, "never started");
            }
        }
    }

    private void neverStarted(Worker worker, String reason) {
        startFailed(worker, reason);
        gone(worker, "never started");
    }

    private void startFailed(Worker worker, String reason) {
        if (!worker.machine().beginTermination(TransitionReason.START_FAILED, reason)) {
            return; // told before, or stopped on purpose meanwhile
        }
        SlotLending.kill(worker);
        if (rollouts.failed(worker, "could not start: " + reason)) {
            return; // the generation before goes on
        }
        setbacks.startFailed(worker.name(), reason);
        lifeCycle.later(this::reconcile, setbacks.pause());
    }

    private void ready(Worker worker, List<ProgramView> programs) {
        if (!worker.machine().becomeReady("generation " + worker.generation())) {
            SlotLending.closeChannels(worker); // stopped while it started
            return;
        }
        setbacks.started();
        counters.started.increment();
        worker.checkPassed(parts.clock().instant());
        PooledWorker member = roster.member(worker);
        if (member == null) {
            SlotLending.closeChannels(worker);
            return;
        }
        SlotLending.hold(member);
        if (member.onTrial()) {
            rollouts.examine(member, programs);
            return;
        }
        catalog.update(programs);
        reconcile();
    }

    private void exited(Worker worker, ExitStatus status) {
        TransitionReason reason = worker.machine().terminationReason();
        boolean expected = reason != null && reason.isIntended();
        String how = status.inWords();
        parts.telemetry().publish(new WorkerEnded(parts.name(), worker.name(), worker.pid(), expected, how));
        if (!expected) {
            LOG.warn("pool '{}': worker {} (pid {}) {}", parts.name(), worker, worker.pid(), how);
            if (reason == null) {
                setbacks.lost(parts.ticker().nanos());
            }
            if (reason == null || !reason.isOfItsCall()) {
                rollouts.failed(worker, how);
            }
            casualties.decide(worker, how);
            counters.died.increment();
        }
        gone(worker, how);
    }

    private void gone(Worker worker, String how) {
        worker.machine().end(how);
        PooledWorker member = roster.member(worker);
        if (member != null) {
            lending.takeBack(member);
            member.held().forEach(slot -> slot.channel().close());
        }
        roster.remove(worker);
        reconcile();
    }

    /** Closes what no caller owns; the processes end with their host. */
    public void close() {
        lifeCycle.close(lending::close);
    }

    /** What a rollout may do with workers. */
    private final class TrialCrew implements Rollouts.Crew {
        @Override
        public void launchOnTrial(Generation generation) {
            launch(generation, true);
        }

        @Override
        public void dismiss(Worker worker, String detail) {
            worker.machine().beginTermination(TransitionReason.ROLLED_BACK, detail);
            SlotLending.kill(worker);
        }

        @Override
        public void reconcile() {
            PoolSupervisor.this.reconcile();
        }
    }

    /** Turns what the control loop says of one worker into tasks of the life cycle. */
    private final class Listener implements org.vivarium.core.process.WorkerListener {
        private final Worker worker;
        private final Generation generation;

        Listener(PooledWorker member) {
            this.worker = member.worker();
            this.generation = member.generation();
        }

        @Override
        public void ready(List<ProgramView> programs) {
            if (!lifeCycle.run(() -> PoolSupervisor.this.ready(worker, programs))) {
                SlotLending.closeChannels(worker);
            }
        }

        @Override
        public void failed(String reason) {
            lifeCycle.run(() -> startFailed(worker, WorkerFactory.located(generation, reason)));
        }

        @Override
        public void exited(ExitStatus status) {
            lifeCycle.run(() -> PoolSupervisor.this.exited(worker, status));
        }
    }
}
