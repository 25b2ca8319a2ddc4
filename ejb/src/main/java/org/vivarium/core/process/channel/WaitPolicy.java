package org.vivarium.core.process.channel;

import org.jspecify.annotations.Nullable;
import org.vivarium.api.memory.Reservation;

/** How long the owner of a slot waits for a frame. */
public interface WaitPolicy {

    /** Returns when the wait ends, by the ticker. */
    long deadlineNanos();

    /**
     * Returns whether to wait no more, though there is time; looked up before each real wait. Whoever changes the
     * answer calls {@link CallChannel#wakeup} afterwards.
     */
    default boolean givenUp() {
        return false;
    }

    /**
     * Asks for room in memory before a large frame is read, which is waited for like the frame itself.
     *
     * @param granted to be run once the room has come, unless it is there at once
     * @return the room, which stays the policy's to give back; {@code null} if none is needed
     */
    default @Nullable Reservation room(long bytes, Runnable granted) {
        return null;
    }

    /** Hears that the waiting thread was interrupted; its flag is set again after the wait. */
    default void interrupted() {}
}
