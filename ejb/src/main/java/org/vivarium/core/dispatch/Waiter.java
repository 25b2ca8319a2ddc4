package org.vivarium.core.dispatch;

import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One waiting caller: a parked thread, or a task that runs once there is a slot.
 *
 * <p>{@link #settle} is called exactly once, by whoever took the waiter out of the queue.
 */
public final class Waiter implements Comparable<Waiter> {
    private final int priority;
    private final long ticket;
    private final long sinceNanos;
    private final @Nullable Thread thread;
    private final @Nullable SlotReceiver task;
    private final @Nullable HeadStart headStart;
    /** Belongs to the dispatcher's lock. */
    private @Nullable WaitQueue queue;

    private @Nullable Slot slot;
    private @Nullable NoSlotException failure;
    private volatile boolean settled;
    private volatile @Nullable Future<?> expiry;

    private Waiter(Place place, @Nullable Thread thread, @Nullable SlotReceiver task, @Nullable HeadStart headStart) {
        this.priority = place.priority();
        this.ticket = place.ticket();
        this.sinceNanos = place.sinceNanos();
        this.thread = thread;
        this.task = task;
        this.headStart = headStart;
    }

    /** Returns a waiter that is the calling thread. */
    static Waiter thread(Place place, HeadStart headStart) {
        return new Waiter(place, Thread.currentThread(), null, headStart);
    }

    /** Returns a waiter that holds no thread. */
    static Waiter task(Place place, SlotReceiver task) {
        return new Waiter(place, null, task, null);
    }

    long sinceNanos() {
        return sinceNanos;
    }

    /** Returns its queue; {@code null} once it was taken out. */
    @Nullable WaitQueue queue() {
        return queue;
    }

    void queuedIn(@Nullable WaitQueue queue) {
        this.queue = queue;
    }

    boolean settled() {
        return settled;
    }

    /** Sets the timer that would end the wait, so that it can be cancelled. */
    void expiresBy(Future<?> timer) {
        expiry = timer;
        if (settled) {
            timer.cancel(false);
        }
    }

    /** Tells a task what would end its wait; takes that back if it was served meanwhile, for nobody else would. */
    void leavesBy(Runnable end) {
        if (task != null) {
            task.waits(end);
            if (settled) {
                task.waits(null);
            }
        }
    }

    /** Has a waiting thread look whether it is still to wait. */
    void wakeUp() {
        LockSupport.unpark(thread);
    }

    /** Gives the waiter a slot or a failure; outside of any lock. */
    void settle(@Nullable Slot slot, @Nullable NoSlotException failure) {
        this.slot = slot;
        this.failure = failure;
        if (slot != null && headStart != null) {
            headStart.give(slot);
        }
        settled = true; // publishes all of the above
        Future<?> timer = expiry;
        if (timer != null) {
            timer.cancel(false);
        }
        if (task != null) {
            task.take(slot, failure);
        } else {
            LockSupport.unpark(thread);
        }
    }

    /** Returns what a settled waiter got. */
    Slot result() throws NoSlotException {
        if (failure != null) {
            throw failure;
        }
        if (slot == null) {
            throw new IllegalStateException("not settled");
        }
        return slot;
    }

    @Override
    public int compareTo(Waiter other) {
        return priority != other.priority
                ? Integer.compare(other.priority, priority)
                : Long.compare(ticket, other.ticket);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(ticket);
    }

    /** Where a waiter stands: higher priorities first, then lower tickets. */
    record Place(int priority, long ticket, long sinceNanos) {}

    /**
     * Sends the call of a waiter that is about to get a slot, in the thread that gives it: so the worker is busy while
     * the waiter still wakes up.
     */
    @FunctionalInterface
    public interface HeadStart extends SlotCaller {
        /** Called at most once per wait, outside of any lock; must neither block nor throw. */
        void give(Slot slot);
    }

    /** Takes the outcome of an asynchronous wait: exactly one argument is not null. */
    @FunctionalInterface
    public interface SlotReceiver extends SlotCaller {
        /** Called once, outside of any lock; must not block. */
        void take(@Nullable Slot slot, @Nullable NoSlotException failure);
    }

    /** A waiter that left the queue with a slot. */
    record Match(Waiter waiter, Slot slot) {
        void deliver() {
            waiter.settle(slot, null);
        }
    }
}
