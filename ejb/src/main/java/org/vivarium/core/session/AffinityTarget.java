package org.vivarium.core.session;

import java.util.concurrent.atomic.AtomicInteger;

/** What sessions are bound to as long as it is there: a worker, as its pool sees it. Thread safe. */
public abstract class AffinityTarget {
    private final String name;
    private final AtomicInteger sessions = new AtomicInteger();
    private volatile boolean gone;

    protected AffinityTarget(String name) {
        this.name = name;
    }

    /** Returns the name of the worker. */
    public final String name() {
        return name;
    }

    /** Returns how many sessions are bound to it. */
    public final int sessions() {
        return sessions.get();
    }

    /** Returns whether it takes no calls any more; once gone, it does not come back. */
    public final boolean isGone() {
        return gone;
    }

    /** Notes that it takes no calls any more. */
    protected final void leave() {
        gone = true;
    }

    final void movedIn() {
        sessions.incrementAndGet();
    }

    final void movedOut() {
        sessions.decrementAndGet();
    }
}
