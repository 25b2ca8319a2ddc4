package org.vivarium.core.session;

/** Limits of sessions that tests set by hand. */
final class FakeLimits implements SessionLimits {
    volatile int sessions = 2;
    volatile long stateBytes = 1_000_000;
    volatile int waiting = 1_000_000;

    @Override
    public int sessions() {
        return sessions;
    }

    @Override
    public long stateBytes() {
        return stateBytes;
    }

    @Override
    public int waiting() {
        return waiting;
    }
}
