package org.vivarium.core.dispatch;

import org.jspecify.annotations.Nullable;

/** Whoever asks for a slot, while it waits. Thread safe. */
public interface SlotCaller {

    /** Says that the wait begins, and what to run so that it is looked at again; {@code null} once it is over. */
    default void waits(@Nullable Runnable wakeUp) {}

    /** Returns whether the caller does not want a slot any more. */
    default boolean hasLeft() {
        return false;
    }
}
