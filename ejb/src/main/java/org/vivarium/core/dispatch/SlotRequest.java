package org.vivarium.core.dispatch;

import org.jspecify.annotations.Nullable;

/**
 * What a caller asks of the dispatcher.
 *
 * @param priority higher ones are served first
 * @param deadlineNanos when it gives up
 * @param wanted the worker that it wants; {@code null} for any
 * @param anyFromNanos from when on any other will do; not before {@code deadlineNanos} for never
 */
public record SlotRequest(
        int priority, long deadlineNanos, @Nullable WorkerQueue wanted, long anyFromNanos) {
    /** Returns the request of a caller to whom any worker will do. */
    public static SlotRequest any(int priority, long deadlineNanos) {
        return new SlotRequest(priority, deadlineNanos, null, deadlineNanos);
    }

    /** Returns whether it wants one worker at first, and any after a while. */
    boolean yields() {
        return wanted != null && anyFromNanos - deadlineNanos < 0;
    }

    /** Returns when the one who waits has to do something next. */
    long firstStepNanos() {
        return yields() ? anyFromNanos : deadlineNanos;
    }
}
