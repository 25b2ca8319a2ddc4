package org.vivarium.core.dispatch;

import org.vivarium.api.view.CallView;

/** The call that a slot has now, as others than its owner may see it. Thread safe. */
public interface InFlight {

    /** Returns the name of the call while it runs: its worker, its place in the pool, and which one it is there. */
    String id();

    /** Returns the name of the program. */
    String program();

    /** Returns when the caller made it, by the ticker of its pool. */
    long startedNanos();

    /** Takes a snapshot of the call. */
    CallView view(long nowNanos);

    /**
     * Ends the call as soon as may be, because an operator wants it; returns at once.
     *
     * @return {@code false} if it is being ended already
     */
    boolean cancelledBy(String operator);
}
