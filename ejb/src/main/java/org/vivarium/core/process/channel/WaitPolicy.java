package org.vivarium.core.process.channel;

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

    /** Hears that the waiting thread was interrupted; its flag is set again after the wait. */
    default void interrupted() {}
}
