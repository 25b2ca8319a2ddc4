package org.vivarium.core.session;

import java.util.concurrent.atomic.LongAdder;

/** What the sessions of one pool count. Thread safe. */
public final class AffinityCounters {
    private final LongAdder hits = new LongAdder();
    private final LongAdder misses = new LongAdder();
    private final LongAdder rebinds = new LongAdder();
    private final LongAdder expired = new LongAdder();

    AffinityCounters() {}

    /** Notes a call that runs in the worker that its session is bound to. */
    public void hit() {
        hits.increment();
    }

    /** Notes a call that runs elsewhere, because that worker is busy. */
    public void miss() {
        misses.increment();
    }

    /** Notes a session that is bound again, because its worker has gone. */
    public void rebound() {
        rebinds.increment();
    }

    void expired(int sessions) {
        expired.add(sessions);
    }

    long hits() {
        return hits.sum();
    }

    long misses() {
        return misses.sum();
    }

    long rebinds() {
        return rebinds.sum();
    }

    long expired() {
        return expired.sum();
    }
}
