package org.vivarium.core.session;

/** How much a {@link SessionTable} may hold; asked anew each time, by any thread. */
public interface SessionLimits {

    /** Returns how many sessions there may be. */
    int sessions();

    /** Returns how large the states of all sessions may be together before a new one is refused, in bytes. */
    long stateBytes();

    /** Returns how many calls may wait for their turn now. */
    int waiting();
}
