package org.vivarium.core.dispatch;

import java.util.List;
import org.vivarium.core.session.AffinityTarget;

/**
 * One worker as the callers see it that want no other: its slots, the queue for them, and the sessions that are bound
 * to it.
 */
public final class WorkerQueue extends AffinityTarget {
    /** Belongs to the dispatcher's lock. */
    private final WaitQueue queue = new WaitQueue();

    private volatile List<Slot> slots = List.of();

    public WorkerQueue(String worker) {
        super(worker);
    }

    WaitQueue queue() {
        return queue;
    }

    /** Returns its slots as long as it is in service. */
    public List<Slot> slots() {
        return slots;
    }

    /** Names its slots, before any of them is given to a caller. */
    void enter(List<Slot> all) {
        slots = List.copyOf(all);
    }

    /** Takes it out of service for good; under the dispatcher's lock. */
    void close() {
        leave();
        slots = List.of();
    }
}
