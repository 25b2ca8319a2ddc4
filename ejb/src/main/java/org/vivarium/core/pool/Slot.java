package org.vivarium.core.pool;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.process.CallChannel;
import org.vivarium.core.worker.Worker;

/**
 * One concurrent call in one worker.
 *
 * <p>Owned by exactly one of: the free set, a caller, the life cycle. Ownership moves by the slot's bit in
 * {@link SlotTable} or by a settled {@link Waiter}, both of which carry happens-before; the channel is touched by the
 * owner only.
 */
final class Slot {
    private final Worker worker;
    private final CallChannel channel;
    private final AtomicReference<@Nullable InFlight> call = new AtomicReference<>();
    private final WorkerLine home;
    private final int number;
    private int index = -1;
    private long begun;

    /** Set by the life cycle when it wants the slot; whoever owns it hands it over instead of freeing it. */
    private volatile boolean retire;

    /** Takes the line of the worker, which all its slots share, and which of them it is, from 0. */
    Slot(Worker worker, CallChannel channel, WorkerLine home, int number) {
        this.worker = worker;
        this.channel = channel;
        this.home = home;
        this.number = number;
    }

    Worker worker() {
        return worker;
    }

    CallChannel channel() {
        return channel;
    }

    /** Returns the number of the next call. The owner only. */
    long nextNumber() {
        return ++begun;
    }

    /** Shows to whoever looks which call the slot has now; {@code null} for none. The owner only. */
    void show(@Nullable InFlight current) {
        call.setRelease(current);
    }

    /** Returns the call that the slot has now, as far as one can see from outside. */
    @Nullable InFlight call() {
        return call.getAcquire();
    }

    WorkerLine home() {
        return home;
    }

    /** Returns which slot of its worker this is, from 0. */
    int number() {
        return number;
    }

    int index() {
        return index;
    }

    void index(int index) {
        this.index = index;
    }

    boolean retire() {
        return retire;
    }

    void wantBack() {
        retire = true;
    }
}
