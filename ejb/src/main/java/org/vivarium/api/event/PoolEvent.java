package org.vivarium.api.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallContext;

/**
 * Something that happened in a pool. Its time is passed beside it to every handler.
 *
 * <p>{@link EventType} names all records that are events. The interface is not sealed, so that a new one breaks no
 * application that distinguishes them.
 */
public interface PoolEvent {

    /** Returns the name of the pool; empty if it concerns none. */
    String pool();

    /** Returns what kind of event it is. */
    EventType type();

    /** Returns the event's name in filters and logs, such as {@code call.stop}. */
    default String name() {
        return type().dotted();
    }

    /** Returns the worker; {@code null} if it concerns none. */
    default @Nullable String worker() {
        return null;
    }

    /** Returns the program; {@code null} if it concerns none. */
    default @Nullable String program() {
        return null;
    }

    /** Returns what identifies the call, session and correlation id among it; nothing if it concerns none. */
    default CallContext context() {
        return CallContext.NONE;
    }

    /** Returns its values by name, without those that are not known, in the order of {@link EventType#members()}. */
    default Map<String, Object> members() {
        return Members.of(this);
    }
}
