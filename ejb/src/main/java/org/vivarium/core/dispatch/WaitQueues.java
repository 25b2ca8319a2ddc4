package org.vivarium.core.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All queues of a pool: the general one, of those to whom any worker will do, and one for each worker in service.
 * Belongs to the lock of its {@link SlotDispatcher}; what says so may be read by any thread.
 */
final class WaitQueues {
    private final WaitQueue general = new WaitQueue();
    private volatile List<WorkerQueue> workers = List.of();
    private int queued;

    /** {@code queued} for readers without the lock. */
    private volatile int waiting;

    /** Returns the queues of all workers in service; for any thread. */
    List<WorkerQueue> workers() {
        return workers;
    }

    /** Returns how many wait in all queues; for any thread. */
    int waiting() {
        return waiting;
    }

    /** Returns how many would take any worker; for any thread. */
    int waitingForAny() {
        return general.length();
    }

    /** Returns whether {@code slot} would do for nobody who waits; for any thread. */
    boolean nobodyWaitsFor(Slot slot) {
        return general.length() == 0 && slot.workerQueue().queue().length() == 0;
    }

    void open(List<Slot> slots) {
        slots.forEach(slot -> slot.workerQueue().enter(slots));
        List<WorkerQueue> more = new ArrayList<>(workers);
        slots.stream().map(Slot::workerQueue).distinct().forEach(more::add);
        workers = List.copyOf(more);
    }

    /** Takes a worker out of service: those who wait for it go to the general queue, with their old place. */
    void close(WorkerQueue gone) {
        gone.close();
        List<WorkerQueue> fewer = new ArrayList<>(workers);
        fewer.remove(gone);
        workers = List.copyOf(fewer);
        gone.queue().clear().forEach(general::add);
    }

    /** Puts {@code waiter} into the queue of the worker that it wants, or into the general one if that has gone. */
    void add(Waiter waiter, @Nullable WorkerQueue wanted) {
        WaitQueue queue = wanted == null || wanted.isGone() ? general : wanted.queue();
        queue.add(waiter);
        waiting = ++queued;
    }

    /** Returns whether the waiter stood in a queue until now. */
    boolean takeOut(Waiter waiter) {
        WaitQueue queue = waiter.queue();
        if (queue == null) {
            return false;
        }
        queue.remove(waiter);
        waiting = --queued;
        return true;
    }

    /** Has a waiter that wanted one worker wait for any, with its old place; {@code false} if it does not. */
    boolean moveOn(Waiter waiter) {
        WaitQueue queue = waiter.queue();
        if (queue == null || queue.equals(general)) {
            return false;
        }
        queue.remove(waiter);
        general.add(waiter);
        return true;
    }

    /** Takes the better of both who are next for {@code slot} out of the queue; {@code null} if nobody waits for it. */
    @Nullable Waiter pollFor(Slot slot) {
        Waiter own = slot.workerQueue().queue().first();
        Waiter any = general.first();
        Waiter next = own == null || (any != null && any.compareTo(own) < 0) ? any : own;
        if (next != null) {
            takeOut(next);
        }
        return next;
    }

    /** Takes all out and returns them. */
    List<Waiter> clear() {
        List<Waiter> all = general.clear();
        workers.forEach(worker -> all.addAll(worker.queue().clear()));
        queued = 0;
        waiting = 0;
        return all;
    }

    /** Returns how long the oldest waiter has waited; 0 if none waits. */
    long oldestWaitNanos(long now) {
        long oldest = general.oldestWaitNanos(now);
        for (WorkerQueue worker : workers) {
            oldest = Math.max(oldest, worker.queue().oldestWaitNanos(now));
        }
        return oldest;
    }

    /** Returns the same of those who would take any worker. */
    long oldestWaitForAnyNanos(long now) {
        return general.oldestWaitNanos(now);
    }
}
