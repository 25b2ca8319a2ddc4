package org.vivarium.core.pool;

import java.util.List;
import org.vivarium.core.session.Home;

/**
 * One worker as those see it who want no other: its slots, the line of who waits for one of them, and the sessions that
 * are bound to it.
 */
final class WorkerLine extends Home {
    /** Belongs to the dispatcher's lock. */
    private final Line line = new Line();

    private volatile List<Slot> slots = List.of();

    WorkerLine(String worker) {
        super(worker);
    }

    Line line() {
        return line;
    }

    /** Returns its slots as long as it is in service. */
    List<Slot> slots() {
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
