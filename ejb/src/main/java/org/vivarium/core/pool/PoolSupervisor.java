package org.vivarium.core.pool;

import static org.vivarium.core.config.PoolParameter.START_TIMEOUT;
import static org.vivarium.core.config.PoolParameter.STOP_GRACE;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.WorkerEnded;
import org.vivarium.api.view.ProgramView;
import org.vivarium.core.process.CallChannel;
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.recovery.Failure;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * Keeps as many workers alive as were asked for.
 *
 * <p>All decisions are taken on one thread, the {@link LifeCycle}; what other threads notice becomes a task there. No
 * call ever waits for it, except for a slot.
 */
final class PoolSupervisor implements Condemner {
    private static final Logger LOG = LoggerFactory.getLogger(PoolSupervisor.class);

    private static final Duration EXIT_STATUS_WITHIN = Duration.ofMillis(50);

    private final PoolParts parts;
    private final LifeCycle lifeCycle;
    private final SlotTable table;
    private final ProgramCatalog catalog;
    private final PoolCounters counters;
    private final Roster roster = new Roster();
    private final WorkerFactory factory;
    private final Set<Worker> recycling = new LinkedHashSet<>();
    private final Setbacks setbacks;

    private volatile int target;
    private @Nullable SlotDispatcher dispatcher;

    PoolSupervisor(
            PoolParts parts, LifeCycle lifeCycle, SlotTable table, ProgramCatalog catalog, PoolCounters counters) {
        this.parts = parts;
        this.lifeCycle = lifeCycle;
        this.table = table;
        this.catalog = catalog;
        this.counters = counters;
        this.factory = new WorkerFactory(parts);
        this.setbacks = new Setbacks(parts);
    }

    /** Names the dispatcher, which in turn was built with this supervisor; before anything else. */
    void serve(SlotDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    private SlotDispatcher dispatcher() {
        SlotDispatcher current = dispatcher;
        if (current == null) {
            throw new IllegalStateException("serve() comes first");
        }
        return current;
    }

    Roster roster() {
        return roster;
    }

    /** Returns the slots of all live workers, wherever they are now. */
    List<Slot> slots() {
        return table.slots();
    }

    int target() {
        return target;
    }

    Setbacks setbacks() {
        return setbacks;
    }

    @Override
    public String problem() {
        String current = setbacks.problem();
        return current == null ? "" : ": " + current;
    }

    /** Sets the number of workers to keep; returns at once. */
    void keep(int workers) {
        target = workers;
        lifeCycle.run(this::reconcile);
    }

    /** Replaces one worker, without ever having fewer. */
    void recycle(Worker worker) {
        lifeCycle.run(() -> {
            if (roster.member(worker) != null && isServing(worker.state())) {
                recycling.add(worker);
                reconcile();
            }
        });
    }

    /** Has {@code task}, which must not block, run on the life cycle's thread after {@code delay}. */
    void later(Runnable task, Duration delay) {
        lifeCycle.later(task, delay);
    }

    @Override
    public void handOver(Slot slot) {
        lifeCycle.run(() -> returned(slot));
    }

    @Override
    public void condemn(Slot slot, TransitionReason reason, @Nullable String detail) {
        Worker worker = slot.worker();
        worker.condemned();
        worker.machine().beginTermination(reason, detail == null ? "" : detail);
        worker.requireProcess().kill();
        slot.wantBack();
        long now = parts.ticker().nanos();
        boolean open = lifeCycle.run(() -> {
            setbacks.lost(now);
            returned(slot);
            if (reason == TransitionReason.CHANNEL_LOST) { // its exit is on the way as a rule, and says more
                lifeCycle.later(() -> recover(worker, null), EXIT_STATUS_WITHIN);
            } else {
                recover(worker, null);
            }
        });
        if (!open) {
            slot.channel().close(); // nobody else will
        }
    }

    /** Ends a worker whose slots are with callers: they see the end of their channel. */
    void giveUp(Worker worker, TransitionReason reason, String detail) {
        if (worker.machine().beginTermination(reason, detail)) {
            worker.condemned();
            worker.requireProcess().kill();
            long now = parts.ticker().nanos();
            lifeCycle.run(() -> {
                setbacks.lost(now);
                recover(worker, null);
            });
        }
    }

    /** Acts on the failure that {@code worker} ends of, once: the first to know it decides. */
    private void recover(Worker worker, @Nullable String exit) {
        Member member = roster.member(worker);
        Failure failure = Diagnosis.of(worker, exit);
        if (member != null && failure != null && member.failed()) {
            if (setbacks.decide(failure).delay().compareTo(Duration.ZERO) > 0) {
                reconcileAfterPause();
            }
        }
        reconcile();
    }

    private void reconcile() {
        int serving = roster.count(PoolSupervisor::isServing);
        int wanted = target + recycling.size();
        if (roster.count(state -> isServing(state) && state != WorkerState.INITIALIZING) >= target) {
            setbacks.full();
        }
        if (serving < wanted) {
            grow(wanted - serving);
        } else if (serving > wanted) {
            shrink(serving - wanted);
        }
    }

    private static boolean isServing(WorkerState state) {
        return switch (state) {
            case INITIALIZING, READY, BUSY, DEGRADED -> true;
            case DRAINING, TERMINATING, TERMINATED -> false;
        };
    }

    private void grow(int missing) {
        if (setbacks.pausing()) {
            reconcileAfterPause();
            return;
        }
        int starting = roster.count(state -> state == WorkerState.INITIALIZING);
        int batch = setbacks.startsAtOnce();
        for (int i = 0; i < Math.min(missing, batch - starting); i++) {
            launch();
        }
    }

    private void launch() {
        Worker worker = factory.make();
        roster.add(worker);
        CompletableFuture<?> unused = factory.launch(worker, new Listener(worker))
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
        kill(worker);
        setbacks.startFailed(worker.name(), reason);
        reconcileAfterPause();
    }

    private void reconcileAfterPause() {
        lifeCycle.later(this::reconcile, setbacks.pause());
    }

    private void ready(Worker worker, List<ProgramView> programs) {
        if (!worker.machine().becomeReady()) {
            closeChannels(worker); // stopped while it started
            return;
        }
        setbacks.started();
        counters.started.increment();
        worker.checkPassed(parts.clock().instant());
        catalog.update(programs);
        Member member = roster.member(worker);
        if (member != null) {
            for (CallChannel channel : worker.requireProcess().channels()) {
                Slot slot = new Slot(worker, channel);
                table.add(slot);
                member.lend(slot);
                dispatcher().release(slot);
            }
        }
        drainOneRecycled();
        reconcile();
    }

    private static void closeChannels(Worker worker) {
        WorkerProcess process = worker.process();
        if (process != null) {
            process.channels().forEach(CallChannel::close);
        }
    }

    private void drainOneRecycled() {
        int serving = roster.count(state -> state == WorkerState.READY || state == WorkerState.BUSY);
        if (!recycling.isEmpty() && serving > target) {
            Worker old = recycling.iterator().next();
            recycling.remove(old);
            counters.recycled.increment();
            drain(old, TransitionReason.RECYCLED);
        }
    }

    private void shrink(int surplus) {
        List<Member> members = roster.members(PoolSupervisor::isServing);
        for (int i = 0; i < surplus; i++) { // the youngest: the oldest are the warm ones
            drain(members.get(members.size() - 1 - i).worker(), TransitionReason.POOL_SHRUNK);
        }
    }

    private void drain(Worker worker, TransitionReason reason) {
        if (!worker.machine().drain(reason)) {
            worker.machine().beginTermination(reason, ""); // it still starts: nothing to wait for
            kill(worker);
            return;
        }
        Member member = roster.member(worker);
        if (member != null) {
            member.lent().stream().filter(dispatcher()::wantBack).forEach(this::returned);
        }
    }

    private void returned(Slot slot) {
        table.remove(slot);
        Worker worker = slot.worker();
        Member member = roster.member(worker);
        if (member == null) {
            slot.channel().close();
            return;
        }
        member.returned(slot);
        if (member.lent().isEmpty() && worker.machine().beginTermination(TransitionReason.DRAINED, "")) {
            slot.channel().sendStop();
            Duration grace = parts.store().current().duration(STOP_GRACE);
            lifeCycle.later(() -> insist(worker, WorkerProcess::terminate), grace);
            lifeCycle.later(() -> insist(worker, WorkerProcess::kill), grace.multipliedBy(2));
        }
    }

    private void insist(Worker worker, java.util.function.Consumer<WorkerProcess> how) {
        if (worker.state() != WorkerState.TERMINATED) {
            how.accept(worker.requireProcess());
        }
    }

    private static void kill(Worker worker) {
        WorkerProcess process = worker.process();
        if (process != null) {
            process.kill();
        }
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
            recover(worker, how);
            counters.died.increment();
        }
        gone(worker, how);
    }

    private void gone(Worker worker, String how) {
        worker.machine().end(how);
        Member member = roster.member(worker);
        if (member != null) {
            member.lent().stream().filter(dispatcher()::wantBack).forEach(this::returned);
            member.held().forEach(slot -> slot.channel().close());
        }
        roster.remove(worker);
        recycling.remove(worker);
        reconcile();
    }

    /** Closes what no caller owns; the processes end with their host. */
    void close() {
        lifeCycle.close(() -> roster.members(state -> true).forEach(member -> {
            member.lent().stream()
                    .filter(dispatcher()::wantBack)
                    .forEach(slot -> slot.channel().close());
            member.held().forEach(slot -> slot.channel().close());
            member.worker().machine().beginTermination(TransitionReason.POOL_CLOSED, "");
        }));
    }

    /** Turns what the control loop says of one worker into tasks of the life cycle. */
    private final class Listener implements org.vivarium.core.process.WorkerListener {
        private final Worker worker;

        Listener(Worker worker) {
            this.worker = worker;
        }

        @Override
        public void ready(List<ProgramView> programs) {
            if (!lifeCycle.run(() -> PoolSupervisor.this.ready(worker, programs))) {
                closeChannels(worker);
            }
        }

        @Override
        public void failed(String reason) {
            lifeCycle.run(() -> startFailed(worker, factory.located(reason)));
        }

        @Override
        public void exited(ExitStatus status) {
            lifeCycle.run(() -> PoolSupervisor.this.exited(worker, status));
        }
    }
}
