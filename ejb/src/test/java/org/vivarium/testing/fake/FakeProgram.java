package org.vivarium.testing.fake;

/** What a fake worker does about the calls of one program. */
@FunctionalInterface
public interface FakeProgram {

    /**
     * Takes a call, on the thread of its slot. It may answer now, keep the call and answer later from any thread, or
     * never.
     */
    void take(FakeCall call);
}
