package org.vivarium.core.pool;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.pool.NoSlotException.Reason;
import org.vivarium.core.time.Ticker;

/**
 * Gives free slots to callers: at once by one compare-and-set, or in the order of a line, by priority and then by
 * arrival.
 *
 * <p>The lock protects the line and nothing else; it is taken only when somebody has to wait or waits, and is never
 * held across I/O or a callback. No wake-up is lost: a waiter first writes {@code waiting} and then looks at the bits,
 * a releaser first writes its bit and then looks at {@code waiting}, both sequentially consistent, so at least one of
 * them sees the other. Do not weaken these accesses.
 */
final class SlotDispatcher {
    private final SlotTable table;
    private final Ticker ticker;
    private final IntSupplier queueLimit;
    private final Consumer<Slot> lifeCycle;
    private final ScheduledExecutorService timer;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeSet<Waiter> line = new TreeSet<>();
    private volatile int waiting;
    private volatile @Nullable Reason refusing;
    private long tickets;

    /** Hands slots that their worker's life cycle wants back to {@code lifeCycle}, which must not block. */
    SlotDispatcher(
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

    /** Returns a slot that the caller owns from now on; waits in line until {@code deadlineNanos} if it must. */
    Slot checkOut(int priority, long deadlineNanos, Waiter.HeadStart headStart) throws NoSlotException {
        Slot slot = tryClaim();
        if (slot != null) {
            return slot;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw new NoSlotException(Reason.INTERRUPTED);
        }
        Waiter waiter = enqueue(priority, place -> Waiter.thread(place, headStart));
        for (Reason reason = toLeave(deadlineNanos); !waiter.settled(); reason = toLeave(deadlineNanos)) {
            if (reason == null) {
                LockSupport.parkNanos(this, deadlineNanos - ticker.nanos());
            } else if (leave(waiter)) {
                throw new NoSlotException(reason);
            } else {
                Thread.onSpinWait(); // somebody took it out of the line a moment ago and is about to settle it
            }
        }
        return waiter.result();
    }

    /** Returns the slot at {@code place} of the table if it is free and nobody waits, else {@code null}. */
    @Nullable Slot checkOutAt(int place) {
        return refusing == null && waiting == 0 ? table.claimAt(place) : null;
    }

    private @Nullable Reason toLeave(long deadlineNanos) {
        if (Thread.currentThread().isInterrupted()) {
            return Reason.INTERRUPTED;
        }
        return deadlineNanos - ticker.nanos() <= 0 ? Reason.TIMED_OUT : null;
    }

    /** Like {@link #checkOut}, without holding a thread while it waits. */
    void checkOutAsync(int priority, long deadlineNanos, Waiter.SlotReceiver receiver) {
        try {
            Slot slot = tryClaim();
            if (slot != null) {
                receiver.take(slot, null);
                return;
            }
            Waiter waiter = enqueue(priority, place -> Waiter.task(place, receiver));
            waiter.expiresBy(
                    timer.schedule(() -> expire(waiter), deadlineNanos - ticker.nanos(), TimeUnit.NANOSECONDS));
        } catch (NoSlotException e) {
            receiver.take(null, e);
        }
    }

    private void expire(Waiter waiter) {
        if (!waiter.settled() && leave(waiter)) {
            waiter.settle(null, new NoSlotException(Reason.TIMED_OUT));
        }
    }

    private @Nullable Slot tryClaim() throws NoSlotException {
        Reason reason = refusing;
        if (reason != null) {
            throw new NoSlotException(reason);
        }
        return waiting == 0 ? table.claimAny() : null;
    }

    private Waiter enqueue(int priority, Function<Waiter.Place, Waiter> kind) throws NoSlotException {
        List<Match> matches;
        Waiter waiter;
        lock.lock();
        try {
            Reason reason = refusing;
            if (reason != null) {
                throw new NoSlotException(reason);
            }
            if (line.size() >= queueLimit.getAsInt() && !table.hasFree()) {
                throw new NoSlotException(Reason.QUEUE_FULL);
            }
            waiter = kind.apply(new Waiter.Place(priority, tickets++, ticker.nanos()));
            line.add(waiter);
            waiting = line.size(); // (a) write …
            matches = match(); // (b) … then read the bits
        } finally {
            lock.unlock();
        }
        matches.forEach(Match::deliver);
        return waiter;
    }

    private List<Match> match() {
        List<Match> matches = new ArrayList<>(1);
        while (!line.isEmpty()) {
            Slot slot = table.claimAny();
            if (slot == null) {
                break;
            }
            matches.add(new Match(line.pollFirst(), slot));
        }
        waiting = line.size();
        return matches;
    }

    private boolean leave(Waiter waiter) {
        lock.lock();
        try {
            boolean left = line.remove(waiter);
            waiting = line.size();
            return left;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes back a slot from its owner, after its last reply was consumed: to the next in line, the life cycle or the
     * free set.
     */
    void release(Slot slot) {
        if (slot.retire()) {
            lifeCycle.accept(slot);
            return;
        }
        if (waiting == 0) {
            table.setFree(slot); // (c) write the bit …
            if (waiting == 0 && !slot.retire()) { // (d) … then read
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
            next = line.pollFirst();
            waiting = line.size();
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
    boolean wantBack(Slot slot) {
        slot.wantBack();
        return borrow(slot);
    }

    /** Takes this very slot, as a caller would; {@code false} if it is busy or has gone. */
    boolean borrow(Slot slot) {
        Slot claimed = table.claimAt(slot.index());
        if (claimed != null && claimed != slot) {
            release(claimed); // the slot has gone since it was seen, and another has its place
            return false;
        }
        return claimed != null;
    }

    /** Refuses all calls for {@code reason}, those in line as well; {@code null} takes calls again. */
    void refuse(@Nullable Reason reason) {
        List<Waiter> refused;
        lock.lock();
        try {
            if (refusing == Reason.STOPPED) {
                return; // for good
            }
            refusing = reason;
            refused = reason == null ? List.of() : List.copyOf(line);
            if (reason != null) {
                line.clear();
                waiting = 0;
            }
        } finally {
            lock.unlock();
        }
        refused.forEach(waiter -> waiter.settle(null, new NoSlotException(reason == null ? Reason.STOPPED : reason)));
    }

    /** Returns why calls are refused; {@code null} if they are not. */
    @Nullable Reason refusing() {
        return refusing;
    }

    /** Returns how many callers wait. */
    int waiting() {
        return waiting;
    }

    /** Returns how long the longest waiting caller has waited, in nanoseconds; 0 if nobody waits. */
    long oldestWaitNanos() {
        lock.lock();
        try {
            long now = ticker.nanos();
            return line.stream()
                    .mapToLong(waiter -> now - waiter.sinceNanos())
                    .max()
                    .orElse(0);
        } finally {
            lock.unlock();
        }
    }

    /** A waiter that left the line with a slot. */
    private record Match(Waiter waiter, Slot slot) {
        void deliver() {
            waiter.settle(slot, null);
        }
    }
}
