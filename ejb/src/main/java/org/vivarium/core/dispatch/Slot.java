package org.vivarium.core.dispatch;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.process.channel.CallChannel;
import org.vivarium.core.worker.Worker;

/**
 * One concurrent call in one worker.
 *
 * <p>Owned by exactly one of: the free set, a caller, the life cycle. Ownership moves by the slot's bit in
 * {@link SlotTable} or by a settled {@link Waiter}, both of which carry happens-before; the channel is touched by the
 * owner only.
 */
public final class Slot {
    private final Worker worker;
    private final CallChannel channel;
    private final AtomicReference<@Nullable InFlight> call = new AtomicReference<>();
    private final WorkerQueue workerQueue;
    private final int number;
    private int index = -1;
    private long begun;

    /** Set by the life cycle when it wants the slot; whoever owns it hands it over instead of freeing it. */
    private volatile boolean retire;

    /** Takes the queue of the worker, which all its slots share, and which of them it is, from 0. */
    public Slot(Worker worker, CallChannel channel, WorkerQueue workerQueue, int number) {
        this.worker = worker;
        this.channel = channel;
        this.workerQueue = workerQueue;
        this.number = number;
    }

    /** Returns the worker that runs the calls. */
    public Worker worker() {
        return worker;
    }

    /** Returns the connection to the worker. The owner only. */
    public CallChannel channel() {
        return channel;
    }

    /** Returns the number of the next call. The owner only. */
    public long nextNumber() {
        return ++begun;
    }

    /** Shows to other threads which call the slot has now; {@code null} for none. The owner only. */
    public void show(@Nullable InFlight current) {
        call.setRelease(current);
    }

    /** Returns the call that the slot has now, as far as one can see from outside. */
    public @Nullable InFlight call() {
        return call.getAcquire();
    }

    /** Returns the queue of the worker. */
    public WorkerQueue workerQueue() {
        return workerQueue;
    }

    /** Returns which slot of its worker this is, from 0. */
    int number() {
        return number;
    }

    /** Returns the bit of the slot in the {@link SlotTable}; -1 while it has none. */
    public int index() {
        return index;
    }

    /** Notes the bit of the slot in the {@link SlotTable}. */
    public void index(int index) {
        this.index = index;
    }

    /** Returns whether the life cycle wants the slot. */
    public boolean retire() {
        return retire;
    }

    /** Has the owner hand the slot to the life cycle instead of freeing it. */
    public void wantBack() {
        retire = true;
    }
}
