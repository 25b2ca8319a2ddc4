package org.vivarium.core.session;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the sessions of one pool use of what they may. The numbers follow each move of a session, so that nobody has to
 * visit all of them to know. Thread safe.
 */
final class SessionUse {
    private final SessionLimits limits;
    private final AtomicLong stateBytes = new AtomicLong();
    private final AtomicInteger bound = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Set<SessionTurn> turns = ConcurrentHashMap.newKeySet();
    private final LongAdder refused = new LongAdder();

    SessionUse(SessionLimits limits) {
        this.limits = limits;
    }

    SessionLimits limits() {
        return limits;
    }

    /** Returns whether a session more may be made, by what the states of the others use. */
    boolean hasRoom() {
        return stateBytes.get() < limits.stateBytes();
    }

    /** Notes that the state of a session grew by so much, or shrank if that is negative. */
    void resized(long bytes) {
        stateBytes.addAndGet(bytes);
    }

    /** Notes that so many sessions more are bound to a live worker, or fewer if that is negative. */
    void bound(int sessions) {
        bound.addAndGet(sessions);
    }

    /** Notes a turn for which a call waits; {@code false} if it may not, because too many do. */
    boolean tryWait(SessionTurn turn) {
        if (waiting.incrementAndGet() > limits.waiting()) {
            waiting.decrementAndGet();
            return false;
        }
        return turns.add(turn);
    }

    /** Notes a turn for which its call waits no more. */
    void waitsNoMore(SessionTurn turn) {
        turns.remove(turn);
        waiting.decrementAndGet();
    }

    /** Returns how long the longest waiting call has waited at {@code now}; 0 if none waits. */
    long oldestWaitNanos(long now) {
        return turns.stream().mapToLong(turn -> now - turn.sinceNanos()).max().orElse(0);
    }

    /** Notes a call that was refused because its session would have been one too many. */
    void refused() {
        refused.increment();
    }

    long stateBytes() {
        return stateBytes.get();
    }

    int bound() {
        return bound.get();
    }

    int waiting() {
        return waiting.get();
    }

    long refusals() {
        return refused.sum();
    }
}
