package org.vivarium.core.telemetry;

import org.vivarium.api.event.PoolEvent;

/** Hears every event, on the one telemetry thread; being slow or throwing costs events, never calls. */
@FunctionalInterface
public interface EventHandler {

    /** Called once per event, in the order in which they were taken from the ring. */
    void on(PoolEvent event);

    /** Likewise for a handler that wants to know when it happened, in {@code nanos} of the service's ticker. */
    default void on(PoolEvent event, long nanos) {
        on(event);
    }
}
