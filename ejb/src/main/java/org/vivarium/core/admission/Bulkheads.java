package org.vivarium.core.admission;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.session.Turn;
import org.vivarium.core.time.Ticker;

/**
 * Limits how many calls run at a time, with the same key and in all.
 *
 * <p>Each key has a queue of its own, by priority and then by arrival. A permit that comes free goes to the key whose
 * next call has the highest priority, and among equals round robin; but while a key waits that may run, any other is
 * given at most one permit, whatever its priority. Calls without a key count as one more key that has no limit of its
 * own. Nothing is locked or made while there are no limits and nobody waits. Turns begin outside of the lock. Thread
 * safe.
 */
public final class Bulkheads {
    private static final String NO_KEY = "";

    private final Supplier<Limits> limits;
    private final IntSupplier queueLimit;
    private final Ticker ticker;
    private final ReentrantLock lock = new ReentrantLock();

    /** All keys with calls that run or wait; guarded by the lock, as is all that follows. */
    private final Map<String, KeyQueue> queues = new HashMap<>();

    /** Queues whose next call only the limit of all keys holds back, in the order in which they are served. */
    private final Set<KeyQueue> round = new LinkedHashSet<>();

    /** Keys without calls whose last permit passed somebody who still waits: forgotten, they could do that again. */
    private final Set<KeyQueue> idle = new LinkedHashSet<>();

    private int running;
    private int queued;
    private long tickets;

    /** Counts places in the round and permits, to compare which was first. */
    private long moments;

    /** {@code queued} for readers without the lock. */
    private volatile int waiting;

    /** Takes how many calls may wait here at the moment. */
    Bulkheads(Supplier<Limits> limits, IntSupplier queueLimit, Ticker ticker) {
        this.limits = limits;
        this.queueLimit = queueLimit;
        this.ticker = ticker;
    }

    /**
     * Returns a permit that is there at once or when its time comes; {@code null} if the call needs none.
     *
     * @throws NoSlotException if it would have to wait and too many do
     */
    @Nullable Turn enter(@Nullable String key, int priority) throws NoSlotException {
        if (limits.get().none(key) && waiting == 0) {
            return null;
        }
        List<Permit> granted;
        Permit permit;
        boolean full;
        lock.lock();
        try {
            KeyQueue queue = queues.computeIfAbsent(key == null ? NO_KEY : key, KeyQueue::new);
            permit = new Permit(queue, priority, tickets++, ticker.nanos());
            queue.permits.add(permit);
            waiting = ++queued;
            granted = admit(queue);
            full = !granted.contains(permit) && waiting > queueLimit.getAsInt() && remove(permit);
        } finally {
            lock.unlock();
        }
        begin(granted);
        if (full) {
            throw new NoSlotException(NoSlotException.Reason.QUEUE_FULL);
        }
        return permit;
    }

    /** Lets those run whom changed limits allow to. */
    void recheck() {
        List<Permit> granted;
        lock.lock();
        try {
            queues.values().forEach(queue -> enlist(queue, limits.get()));
            granted = serve();
        } finally {
            lock.unlock();
        }
        begin(granted);
    }

    /** Returns how many calls wait. */
    public int waiting() {
        return waiting;
    }

    /** Returns how long the longest waiting call has waited, in nanoseconds; 0 if none waits. */
    public long oldestWaitNanos() {
        if (waiting == 0) {
            return 0;
        }
        lock.lock();
        try {
            long now = ticker.nanos();
            return queues.values().stream()
                    .flatMap(queue -> queue.permits.stream())
                    .mapToLong(permit -> now - permit.sinceNanos)
                    .max()
                    .orElse(0);
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many keys are remembered. */
    int keys() {
        lock.lock();
        try {
            return queues.size();
        } finally {
            lock.unlock();
        }
    }

    /** Says what runs and what may run, as a call with {@code key} sees it. */
    String inWords(@Nullable String key) {
        lock.lock();
        try {
            Limits now = limits.get();
            KeyQueue queue = key == null ? null : queues.get(key);
            String own = key == null
                    ? ""
                    : "%d calls with key '%s' run (PerKeyLimit is %d), "
                            .formatted(queue == null ? 0 : queue.running, key, now.perKey());
            return own + "%d in all (GlobalLimit is %d)".formatted(running, now.global());
        } finally {
            lock.unlock();
        }
    }

    /** Serves after something has changed in {@code queue}. */
    private List<Permit> admit(KeyQueue queue) {
        enlist(queue, limits.get());
        List<Permit> granted = serve();
        rest(queue);
        return granted;
    }

    /** Forgets a queue without calls, and those before it, as soon as it makes no difference. */
    private void rest(KeyQueue queue) {
        if (queue.isIdle()) {
            idle.add(queue);
        } else {
            idle.remove(queue);
        }
        while (!idle.isEmpty() && !hasPassed(idle.iterator().next())) {
            KeyQueue oldest = idle.iterator().next();
            idle.remove(oldest);
            queues.remove(oldest.key);
        }
    }

    /** Returns whether a key was given a permit after another came that may run and still waits. */
    private boolean hasPassed(KeyQueue queue) {
        return !round.isEmpty() && round.iterator().next().enlisted < queue.granted;
    }

    /** Puts a queue at the end of the round if it may run one more call, or takes it out if it may not. */
    private void enlist(KeyQueue queue, Limits now) {
        if (queue.mayRun(now)) {
            if (round.add(queue)) { // else it keeps its place
                queue.enlisted = ++moments;
            }
        } else {
            round.remove(queue);
        }
    }

    private List<Permit> serve() {
        Limits now = limits.get();
        List<Permit> granted = new ArrayList<>(1);
        while (!round.isEmpty() && now.admits(running)) {
            KeyQueue queue = next();
            round.remove(queue);
            if (queue.mayRun(now)) {
                granted.add(queue.permits.pollFirst());
                queue.granted = ++moments;
                waiting = --queued;
                queue.running++;
                running++;
                enlist(queue, now); // at the end
            }
        }
        return granted;
    }

    /** Returns the first of the round, or who may pass it by priority: only who has not had a permit since it came. */
    private KeyQueue next() {
        KeyQueue first = round.iterator().next();
        KeyQueue next = first;
        for (KeyQueue queue : round) {
            if (queue.granted < first.enlisted && queue.priority() > next.priority()) {
                next = queue;
            }
        }
        return next;
    }

    /** Takes a permit that was not granted out of its queue; {@code false} if it was granted after all. */
    private boolean remove(Permit permit) {
        KeyQueue queue = permit.queue;
        if (!queue.permits.remove(permit)) {
            return false;
        }
        waiting = --queued;
        if (queue.permits.isEmpty()) {
            round.remove(queue);
        }
        rest(queue);
        return true;
    }

    /** Begins the turns that were granted; the permit of a call that no longer waits goes to the next. */
    private void begin(Collection<Permit> granted) {
        Deque<Permit> untold = new ArrayDeque<>(granted);
        for (Permit permit = untold.poll(); permit != null; permit = untold.poll()) {
            if (!permit.come()) {
                untold.addAll(giveBack(permit));
            }
        }
    }

    private List<Permit> giveBack(Permit permit) {
        lock.lock();
        try {
            permit.queue.running--;
            running--;
            return admit(permit.queue);
        } finally {
            lock.unlock();
        }
    }

    private void giveUp(Permit permit) {
        lock.lock();
        try {
            remove(permit); // else it was granted at this moment, and whoever did that finds out
        } finally {
            lock.unlock();
        }
    }

    /** How many calls may run; 0 is no limit. */
    record Limits(int perKey, int global) {
        boolean none(@Nullable String key) {
            return global == 0 && (perKey == 0 || key == null);
        }

        boolean admits(int running) {
            return global == 0 || running < global;
        }
    }

    /** The calls of one key. */
    private static final class KeyQueue {
        private final String key;
        private final TreeSet<Permit> permits = new TreeSet<>();
        private int running;
        private long enlisted;
        private long granted;

        KeyQueue(String key) {
            this.key = key;
        }

        boolean isIdle() {
            return running == 0 && permits.isEmpty();
        }

        /** Returns the priority of the next call; only while one waits. */
        int priority() {
            return permits.first().priority;
        }

        boolean mayRun(Limits now) {
            boolean limited = now.perKey() > 0 && !key.equals(NO_KEY);
            return !permits.isEmpty() && (!limited || running < now.perKey());
        }
    }

    /** The permission of one call to run. */
    private final class Permit extends Turn implements Comparable<Permit> {
        private final KeyQueue queue;
        private final int priority;
        private final long ticket;
        private final long sinceNanos;

        Permit(KeyQueue queue, int priority, long ticket, long sinceNanos) {
            this.queue = queue;
            this.priority = priority;
            this.ticket = ticket;
            this.sinceNanos = sinceNanos;
        }

        boolean come() {
            return begin();
        }

        @Override
        protected void left() {
            giveUp(this);
        }

        @Override
        protected void passed() {
            begin(giveBack(this));
        }

        private void begin(Collection<Permit> granted) {
            Bulkheads.this.begin(granted);
        }

        @Override
        public int compareTo(Permit other) {
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
    }
}
