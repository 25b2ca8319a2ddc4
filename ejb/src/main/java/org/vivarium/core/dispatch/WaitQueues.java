package org.vivarium.core.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All lines of a pool: the general one, of those to whom any worker will do, and one for each worker in service.
 * Belongs to the lock of its {@link SlotDispatcher}; what says so may be read by any thread.
 */
final class WaitQueues {
    private final WaitQueue general = new WaitQueue();
    private volatile List<WorkerQueue> workers = List.of();
    private int inLine;

    /** {@code inLine} for readers without the lock. */
    private volatile int waiting;

    /** Returns the lines of all workers in service; for any thread. */
    List<WorkerQueue> workers() {
        return workers;
    }

    /** Returns how many wait in all lines; for any thread. */
    int waiting() {
        return waiting;
    }

    /** Returns how many would take any worker; for any thread. */
    int waitingForAny() {
        return general.length();
    }

    /** Returns whether {@code slot} would do for nobody who waits; for any thread. */
    boolean nobodyWaitsFor(Slot slot) {
        return general.length() == 0 && slot.home().line().length() == 0;
    }

    void open(List<Slot> slots) {
        slots.forEach(slot -> slot.home().enter(slots));
        List<WorkerQueue> more = new ArrayList<>(workers);
        slots.stream().map(Slot::home).distinct().forEach(more::add);
        workers = List.copyOf(more);
    }

    /** Takes a worker out of service: those who wait for it go to the general line, with their old place. */
    void close(WorkerQueue gone) {
        gone.close();
        List<WorkerQueue> fewer = new ArrayList<>(workers);
        fewer.remove(gone);
        workers = List.copyOf(fewer);
        gone.line().clear().forEach(general::add);
    }

    /** Puts {@code waiter} into the line of the worker that it wants, or into the general one if that has gone. */
    void add(Waiter waiter, @Nullable WorkerQueue wanted) {
        WaitQueue line = wanted == null || wanted.isGone() ? general : wanted.line();
        line.add(waiter);
        waiting = ++inLine;
    }

    /** Returns whether the waiter stood in a line until now. */
    boolean takeOut(Waiter waiter) {
        WaitQueue line = waiter.line();
        if (line == null) {
            return false;
        }
        line.remove(waiter);
        waiting = --inLine;
        return true;
    }

    /** Has a waiter that wanted one worker wait for any, with its old place; {@code false} if it does not. */
    boolean moveOn(Waiter waiter) {
        WaitQueue line = waiter.line();
        if (line == null || line.equals(general)) {
            return false;
        }
        line.remove(waiter);
        general.add(waiter);
        return true;
    }

    /** Takes the better of both who are next for {@code slot} out of the line; {@code null} if nobody waits for it. */
    @Nullable Waiter pollFor(Slot slot) {
        Waiter own = slot.home().line().first();
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
        workers.forEach(worker -> all.addAll(worker.line().clear()));
        inLine = 0;
        waiting = 0;
        return all;
    }

    /** Returns how long the one has waited who has waited longest; 0 if nobody waits. */
    long oldestWaitNanos(long now) {
        long oldest = general.oldestWaitNanos(now);
        for (WorkerQueue worker : workers) {
            oldest = Math.max(oldest, worker.line().oldestWaitNanos(now));
        }
        return oldest;
    }

    /** Returns the same of those who would take any worker. */
    long oldestWaitForAnyNanos(long now) {
        return general.oldestWaitNanos(now);
    }
}
