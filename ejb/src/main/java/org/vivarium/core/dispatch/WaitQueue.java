package org.vivarium.core.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Waiters for the same slots, by priority and then by arrival. Belongs to the lock of its {@link SlotDispatcher};
 * {@link #length} may be read by any thread.
 */
final class WaitQueue {
    private final TreeSet<Waiter> waiters = new TreeSet<>();
    private volatile int length;

    void add(Waiter waiter) {
        waiters.add(waiter);
        waiter.queuedIn(this);
        length = waiters.size();
    }

    void remove(Waiter waiter) {
        waiters.remove(waiter);
        waiter.queuedIn(null);
        length = waiters.size();
    }

    /** Returns who is next; {@code null} if nobody waits. */
    @Nullable Waiter first() {
        return waiters.isEmpty() ? null : waiters.first();
    }

    /** Removes and returns all. */
    List<Waiter> clear() {
        List<Waiter> all = new ArrayList<>(waiters);
        all.forEach(this::remove);
        return all;
    }

    /** Returns how long the oldest waiter has waited at {@code nowNanos}; 0 if none waits. */
    long oldestWaitNanos(long nowNanos) {
        return waiters.stream()
                .mapToLong(waiter -> nowNanos - waiter.sinceNanos())
                .max()
                .orElse(0);
    }

    int length() {
        return length;
    }
}
