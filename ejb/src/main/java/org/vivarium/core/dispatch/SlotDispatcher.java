package org.vivarium.core.dispatch;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.dispatch.NoSlotException.Reason;
import org.vivarium.core.session.AffinityTarget;
import org.vivarium.core.time.Ticker;

/**
 * Gives free slots to callers: at once by one compare-and-set, or in the order of a queue, by priority and then by
 * arrival. There is one queue for those to whom any worker will do, and one for each worker; a released slot goes to
 * the better of both who are next.
 *
 * <p>The lock protects the queues and nothing else; it is taken only when somebody has to wait or waits, and is never
 * held across I/O or a callback. No wake-up is lost: a waiter first writes the length of its queue and then looks at
 * the bits of all slots that would do for it, a releaser first writes its bit and then looks at the length of both
 * queues that the slot would do for, all sequentially consistent, so at least one of them sees the other. Whoever moves
 * from a worker's queue to the general one is a waiter of that, and does the same. Do not weaken these accesses.
 */
public final class SlotDispatcher {
    private final SlotTable table;
    private final Ticker ticker;
    private final IntSupplier queueLimit;
    private final Consumer<Slot> lifeCycle;
    private final ScheduledExecutorService timer;
    private final ReentrantLock lock = new ReentrantLock();
    private final WaitQueues queues = new WaitQueues();
    private volatile @Nullable Reason refusing;
    private long tickets;

    /** Hands slots that their worker's life cycle wants back to {@code lifeCycle}, which must not block. */
    public SlotDispatcher(
            SlotTable table,
            Ticker ticker,
            IntSupplier queueLimit,
            Consumer<Slot> lifeCycle,
            ScheduledExecutorService timer) {
        this.table = table;
        this.ticker = ticker;
        this.queueLimit = queueLimit;
        this.lifeCycle = lifeCycle;
        this.timer = timer;
    }

    /** Takes the worker of {@code slots} into service, before any of them is released. */
    public void open(List<Slot> slots) {
        lock.lock();
        try {
            queues.open(slots);
        } finally {
            lock.unlock();
        }
    }

    /** Takes the worker of {@code slot} out of service: those who wait for it take any other, with their old place. */
    public void close(Slot slot) {
        WorkerQueue gone = slot.workerQueue();
        if (gone.isGone()) {
            return;
        }
        List<Waiter.Match> matches;
        lock.lock();
        try {
            queues.close(gone); // (a) write …
            matches = matchAny(); // (b) … then read the bits
        } finally {
            lock.unlock();
        }
        matches.forEach(Waiter.Match::deliver);
    }

    /** Returns a slot that the caller owns from now on; waits in queue until {@code deadlineNanos} if it must. */
    public Slot checkOut(int priority, long deadlineNanos, Waiter.HeadStart headStart) throws NoSlotException {
        Slot slot = tryClaim(null);
        return slot != null ? slot : await(SlotRequest.any(priority, deadlineNanos), headStart);
    }

    /** Likewise, for a caller that may want one worker. */
    public Slot checkOut(SlotRequest request, Waiter.HeadStart headStart) throws NoSlotException {
        Slot slot = tryClaim(request.wanted());
        return slot != null ? slot : await(request, headStart);
    }

    /** Returns a free slot of the worker that has the fewest sessions of those that have one; {@code null} if none. */
    public @Nullable Slot checkOutFewest() throws NoSlotException {
        refuseIfClosed();
        if (queues.waitingForAny() != 0 || !table.hasFree()) {
            return null;
        }
        List<WorkerQueue> untried = new ArrayList<>(queues.workers());
        while (!untried.isEmpty()) {
            WorkerQueue fewest = Collections.min(untried, Comparator.comparingInt(AffinityTarget::sessions));
            Slot slot = fewest.queue().length() == 0 ? claim(fewest) : null;
            if (slot != null) {
                return slot;
            }
            untried.remove(fewest);
        }
        return null;
    }

    private Slot await(SlotRequest request, Waiter.HeadStart headStart) throws NoSlotException {
        if (Thread.currentThread().isInterrupted()) {
            throw new NoSlotException(Reason.INTERRUPTED);
        }
        Waiter waiter = enqueue(request, place -> Waiter.thread(place, headStart));
        headStart.waits(waiter::wakeUp);
        try {
            return await(waiter, request, headStart);
        } finally {
            headStart.waits(null);
        }
    }

    private Slot await(Waiter waiter, SlotRequest request, SlotCaller caller) throws NoSlotException {
        long step = request.firstStepNanos();
        for (Reason reason = toLeave(request, caller); !waiter.settled(); reason = toLeave(request, caller)) {
            if (reason != null) {
                if (leave(waiter)) {
                    throw new NoSlotException(reason);
                }
                Thread.onSpinWait(); // somebody took it out of the queue a moment ago and is about to settle it
            } else if (step - ticker.nanos() > 0) {
                LockSupport.parkNanos(this, step - ticker.nanos());
            } else {
                moveOn(waiter);
                step = request.deadlineNanos();
            }
        }
        return waiter.result();
    }

    private @Nullable Reason toLeave(SlotRequest request, SlotCaller caller) {
        if (Thread.currentThread().isInterrupted()) {
            return Reason.INTERRUPTED;
        }
        if (caller.hasLeft()) {
            return Reason.CANCELLED;
        }
        return request.deadlineNanos() - ticker.nanos() <= 0 ? Reason.TIMED_OUT : null;
    }

    /** Like {@link #checkOut(SlotRequest, Waiter.HeadStart)}, without holding a thread while it waits. */
    public void checkOutAsync(SlotRequest request, Waiter.SlotReceiver receiver) {
        try {
            Slot slot = tryClaim(request.wanted());
            if (slot != null) {
                receiver.take(slot, null);
                return;
            }
            Waiter waiter = enqueue(request, place -> Waiter.task(place, receiver));
            waiter.expiresBy(
                    request.yields()
                            ? at(request.anyFromNanos(), () -> moveOnAsync(waiter, request))
                            : at(request.deadlineNanos(), () -> end(waiter, Reason.TIMED_OUT)));
            waiter.leavesBy(() -> end(waiter, Reason.CANCELLED));
        } catch (NoSlotException e) {
            receiver.take(null, e);
        }
    }

    private Future<?> at(long nanos, Runnable task) {
        return timer.schedule(task, nanos - ticker.nanos(), TimeUnit.NANOSECONDS);
    }

    private void moveOnAsync(Waiter waiter, SlotRequest request) {
        moveOn(waiter);
        if (!waiter.settled()) {
            waiter.expiresBy(at(request.deadlineNanos(), () -> end(waiter, Reason.TIMED_OUT)));
        }
    }

    private void end(Waiter waiter, Reason reason) {
        if (!waiter.settled() && leave(waiter)) {
            waiter.settle(null, new NoSlotException(reason));
        }
    }

    private @Nullable Slot tryClaim(@Nullable WorkerQueue wanted) throws NoSlotException {
        refuseIfClosed();
        if (queues.waitingForAny() != 0) {
            return null;
        }
        if (wanted == null || wanted.isGone()) {
            return table.claimAny();
        }
        return wanted.queue().length() == 0 ? claim(wanted) : null;
    }

    private void refuseIfClosed() throws NoSlotException {
        Reason reason = refusing;
        if (reason != null) {
            throw new NoSlotException(reason);
        }
    }

    private @Nullable Slot claim(WorkerQueue worker) {
        for (Slot slot : worker.slots()) {
            if (borrow(slot)) {
                return slot;
            }
        }
        return null;
    }

    private Waiter enqueue(SlotRequest request, Function<Waiter.Place, Waiter> kind) throws NoSlotException {
        List<Waiter.Match> matches;
        Waiter waiter;
        boolean full;
        lock.lock();
        try {
            refuseIfClosed();
            waiter = kind.apply(new Waiter.Place(request.priority(), tickets++, ticker.nanos()));
            WorkerQueue wanted = request.wanted();
            queues.add(waiter, wanted); // (a) write …
            matches = wanted == null || wanted.isGone() ? matchAny() : matchOwn(wanted); // (b) … then read the bits
            full = waiter.queue() != null && queues.waiting() > queueLimit.getAsInt() && queues.takeOut(waiter);
        } finally {
            lock.unlock();
        }
        matches.forEach(Waiter.Match::deliver);
        if (full) {
            throw new NoSlotException(Reason.QUEUE_FULL);
        }
        return waiter;
    }

    private List<Waiter.Match> matchAny() {
        return match(queues::waitingForAny, table::claimAny);
    }

    private List<Waiter.Match> matchOwn(WorkerQueue worker) {
        return match(worker.queue()::length, () -> claim(worker));
    }

    private List<Waiter.Match> match(IntSupplier waiting, Supplier<@Nullable Slot> claim) {
        List<Waiter.Match> matches = new ArrayList<>(1);
        while (waiting.getAsInt() > 0) {
            Slot slot = claim.get();
            if (slot == null) {
                break;
            }
            matches.add(new Waiter.Match(requireNonNull(queues.pollFor(slot)), slot));
        }
        return matches;
    }

    private boolean leave(Waiter waiter) {
        lock.lock();
        try {
            return queues.takeOut(waiter);
        } finally {
            lock.unlock();
        }
    }

    /** Has a waiter that wanted one worker wait for any, with its old place. */
    private void moveOn(Waiter waiter) {
        List<Waiter.Match> matches = List.of();
        lock.lock();
        try {
            if (queues.moveOn(waiter)) { // (a) write …
                matches = matchAny(); // (b) … then read the bits
            }
        } finally {
            lock.unlock();
        }
        matches.forEach(Waiter.Match::deliver);
    }

    /**
     * Takes back a slot from its owner, after its last reply was consumed: to the next in queue, the life cycle or the
     * free set.
     */
    public void release(Slot slot) {
        if (slot.retire()) {
            lifeCycle.accept(slot);
            return;
        }
        if (queues.nobodyWaitsFor(slot)) {
            table.setFree(slot); // (c) write the bit …
            if (queues.nobodyWaitsFor(slot) && !slot.retire()) { // (d) … then read
                return;
            }
            if (!borrow(slot)) {
                return; // somebody has it; his release looks again
            }
            if (slot.retire()) {
                lifeCycle.accept(slot);
                return;
            }
        }
        handOver(slot);
    }

    private void handOver(Slot slot) {
        Waiter next;
        lock.lock();
        try {
            next = queues.pollFor(slot);
            if (next == null) {
                table.setFree(slot);
            }
        } finally {
            lock.unlock();
        }
        if (next != null) {
            next.settle(slot, null);
        } else if (slot.retire() && borrow(slot)) {
            lifeCycle.accept(slot);
        }
    }

    /**
     * Asks for a slot back, for good.
     *
     * @return whether it was free and is the caller's now; else its release brings it to the life cycle
     */
    public boolean wantBack(Slot slot) {
        slot.wantBack();
        return borrow(slot);
    }

    /** Takes this very slot, as a caller would; {@code false} if it is busy or has gone. */
    public boolean borrow(Slot slot) {
        Slot claimed = table.claimAt(slot.index());
        if (claimed != null && claimed != slot) {
            release(claimed); // the slot has gone since it was seen, and another has its place
            return false;
        }
        return claimed != null;
    }

    /** Refuses all calls for {@code reason}, those in queue as well; {@code null} takes calls again. */
    public void refuse(@Nullable Reason reason) {
        List<Waiter> refused = new ArrayList<>();
        lock.lock();
        try {
            if (refusing == Reason.STOPPED) {
                return; // for good
            }
            refusing = reason;
            if (reason != null) {
                refused.addAll(queues.clear());
            }
        } finally {
            lock.unlock();
        }
        refused.forEach(waiter -> waiter.settle(null, new NoSlotException(reason == null ? Reason.STOPPED : reason)));
    }

    /** Returns why calls are refused; {@code null} if they are not. */
    public @Nullable Reason refusing() {
        return refusing;
    }

    /** Returns how many callers wait, for whatever worker. */
    public int waiting() {
        return queues.waiting();
    }

    /** Returns how many of them would take any worker. */
    public int waitingForAny() {
        return queues.waitingForAny();
    }

    /** Returns how long the longest waiting caller has waited, in nanoseconds; 0 if nobody waits. */
    public long oldestWaitNanos() {
        lock.lock();
        try {
            return queues.oldestWaitNanos(ticker.nanos());
        } finally {
            lock.unlock();
        }
    }

    /** Returns the same of those who would take any worker. */
    public long oldestWaitForAnyNanos() {
        lock.lock();
        try {
            return queues.oldestWaitForAnyNanos(ticker.nanos());
        } finally {
            lock.unlock();
        }
    }
}
