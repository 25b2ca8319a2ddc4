package org.vivarium.core.pool;

import java.util.ArrayList;
import java.util.List;
import org.vivarium.core.worker.Worker;

/** A worker with its slots. The lists belong to the supervisor's thread. */
final class Member {
    private final Worker worker;

    /** Slots that are free or with a caller. */
    private final List<Slot> lent = new ArrayList<>();

    /** Slots that the life cycle owns. */
    private final List<Slot> held = new ArrayList<>();

    private boolean failed;

    Member(Worker worker) {
        this.worker = worker;
    }

    Worker worker() {
        return worker;
    }

    /** Notes that the worker has failed; returns whether that is news. */
    boolean failed() {
        boolean news = !failed;
        failed = true;
        return news;
    }

    void lend(Slot slot) {
        lent.add(slot);
    }

    void returned(Slot slot) {
        lent.remove(slot);
        held.add(slot);
    }

    List<Slot> lent() {
        return List.copyOf(lent);
    }

    List<Slot> held() {
        return held;
    }
}
