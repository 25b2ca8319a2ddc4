package org.vivarium.core.telemetry;

import org.vivarium.api.event.PoolEvent;

/** Gets every event, on the one telemetry thread; being slow or throwing costs events, never calls. */
@FunctionalInterface
public interface EventHandler {

    /** Called once per event, in the order in which they were taken from the ring. */
    void on(PoolEvent event);
}
