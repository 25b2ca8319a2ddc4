package org.vivarium.core.supervision;

import static org.vivarium.core.config.PoolParameter.STOP_GRACE;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.WorkerState;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.dispatch.SlotDispatcher;
import org.vivarium.core.dispatch.SlotTable;
import org.vivarium.core.dispatch.WorkerQueue;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.channel.CallChannel;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/** Lends the slots of workers to callers and takes them back. Belongs to the supervisor's thread. */
public final class SlotLending {
    private final PoolContext parts;
    private final LifeCycleThread lifeCycle;
    private final SlotTable table;
    private final WorkerRegistry registry;
    private @Nullable SlotDispatcher dispatcher;

    SlotLending(PoolContext parts, LifeCycleThread lifeCycle, SlotTable table, WorkerRegistry registry) {
        this.parts = parts;
        this.lifeCycle = lifeCycle;
        this.table = table;
        this.registry = registry;
    }

    /** Names the dispatcher, which in turn needs the supervisor; before anything else. */
    void through(SlotDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    private SlotDispatcher dispatcher() {
        SlotDispatcher current = dispatcher;
        if (current == null) {
            throw new IllegalStateException("through() comes first");
        }
        return current;
    }

    /** Takes the slots of a worker that has become ready, for later. */
    static void hold(PooledWorker pooled) {
        WorkerQueue queue = new WorkerQueue(pooled.worker().name());
        for (CallChannel channel : pooled.worker().requireProcess().channels()) {
            pooled.hold(new Slot(pooled.worker(), channel, queue, pooled.held().size()));
        }
    }

    /** Gives callers what is held of a worker; {@code false} if all places are taken, by workers that end yet. */
    boolean enlist(PooledWorker pooled) {
        if (!table.hasRoomFor(pooled.held().size())) {
            return false;
        }
        pooled.worker().enterService();
        dispatcher().open(pooled.held());
        for (Slot slot : List.copyOf(pooled.held())) {
            table.add(slot);
            pooled.lend(slot);
            dispatcher().release(slot);
        }
        return true;
    }

    /** Lets a worker finish its calls and end; at once if it still starts. */
    void drain(Worker worker, TransitionReason reason) {
        if (!worker.machine().drain(reason)) {
            worker.machine().beginTermination(reason, ""); // it still starts: nothing to wait for
            kill(worker);
            return;
        }
        PooledWorker pooled = registry.pooled(worker);
        if (pooled != null) {
            takeBack(pooled);
            stopUnlessBusy(pooled);
        }
    }

    /** Takes all slots of a worker back that nobody uses; the others come when their calls end. */
    void takeBack(PooledWorker pooled) {
        List<Slot> rested = pooled.wake(); // those are here already
        List<Slot> lent = pooled.lent();
        lent.forEach(dispatcher()::close); // first: sessions go elsewhere from now on
        rested.forEach(Slot::wantBack);
        lent.stream()
                .filter(slot -> rested.contains(slot) || dispatcher().wantBack(slot))
                .forEach(this::returned);
    }

    /** Takes a slot that its caller gave up, gave back because it was wanted, or could not use. */
    void returned(Slot slot) {
        PooledWorker pooled = registry.pooled(slot.worker());
        if (pooled == null) {
            table.remove(slot);
            slot.channel().close();
        } else if (servesOn(slot)) {
            pooled.rest(slot);
            recovered(slot.worker()); // or will be, after its next check
        } else {
            table.remove(slot);
            pooled.returned(slot);
            stopUnlessBusy(pooled);
        }
    }

    /** Returns whether the slot is or will be of use, though its worker may take no calls at the moment. */
    public static boolean servesOn(Slot slot) {
        return !slot.retire()
                && switch (slot.worker().state()) {
                    case READY, BUSY, DEGRADED -> true;
                    case INITIALIZING, DRAINING, TERMINATING, TERMINATED -> false;
                };
    }

    /** Gives callers again what rests of a worker, unless it is still degraded. */
    void recovered(Worker worker) {
        PooledWorker pooled = registry.pooled(worker);
        if (pooled != null && worker.state() != WorkerState.DEGRADED) {
            pooled.wake().forEach(dispatcher()::release);
        }
    }

    private void stopUnlessBusy(PooledWorker pooled) {
        Worker worker = pooled.worker();
        if (pooled.lent().isEmpty()
                && !pooled.held().isEmpty()
                && worker.machine().beginTermination(TransitionReason.DRAINED, "")) {
            worker.requireProcess().channels().get(0).sendStop(); // all are held, and that one is its main thread's
            Duration grace = parts.store().current().duration(STOP_GRACE);
            lifeCycle.later(() -> insist(worker, WorkerProcess::terminate), grace);
            lifeCycle.later(() -> insist(worker, WorkerProcess::kill), grace.multipliedBy(2));
        }
    }

    private static void insist(Worker worker, Consumer<WorkerProcess> how) {
        if (worker.state() != WorkerState.TERMINATED) {
            how.accept(worker.requireProcess());
        }
    }

    static void kill(Worker worker) {
        WorkerProcess process = worker.process();
        if (process != null) {
            process.kill();
        }
    }

    /** Closes the channels of a worker that nobody will ever be lent. */
    static void closeChannels(Worker worker) {
        WorkerProcess process = worker.process();
        if (process != null) {
            process.channels().forEach(CallChannel::close);
        }
    }

    /** Closes what no caller owns. */
    void close() {
        registry.all().forEach(pooled -> {
            pooled.lent().stream()
                    .filter(dispatcher()::wantBack)
                    .forEach(slot -> slot.channel().close());
            pooled.held().forEach(slot -> slot.channel().close());
            pooled.wake().forEach(slot -> slot.channel().close());
            pooled.worker().machine().beginTermination(TransitionReason.POOL_CLOSED, "");
        });
    }
}
