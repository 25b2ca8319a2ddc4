package org.vivarium.core.session;

import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What sessions are bound to as long as it is there: a worker, as its pool sees it. Thread safe. */
public abstract class AffinityTarget {
    private final String name;

    /** Changed under the monitor, as is what follows: so each session is counted out of the bound ones exactly once. */
    private final AtomicInteger sessions = new AtomicInteger();

    private volatile boolean gone;
    private @Nullable SessionUse use;

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

    /** Notes that it takes no calls any more: its sessions are bound to nothing. */
    protected final synchronized void leave() {
        if (!gone && use != null) {
            use.bound(-sessions.get());
        }
        gone = true;
    }

    final synchronized void movedIn(SessionUse all) {
        use = all;
        move(1, all);
    }

    final synchronized void movedOut(SessionUse all) {
        move(-1, all);
    }

    private void move(int by, SessionUse all) {
        sessions.addAndGet(by);
        if (!gone) {
            all.bound(by);
        }
    }
}
