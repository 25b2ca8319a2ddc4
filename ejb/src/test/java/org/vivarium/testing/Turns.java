package org.vivarium.testing;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.vivarium.core.session.Turn;

/** Waits for turns as a caller does that gives up after a while. */
public final class Turns {
    private Turns() {}

    /** Returns whether the turn has come within {@code nanos}; if not, nobody waits for it any more. */
    public static boolean await(Turn turn, long nanos) throws InterruptedException {
        try {
            turn.begun().get(nanos, TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return !turn.begun().cancel(false); // it may have come at the last moment
        } catch (ExecutionException e) {
            throw new AssertionError("nobody fails a turn", e);
        }
    }
}
