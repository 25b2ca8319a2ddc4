package org.vivarium.api.event;

import org.vivarium.api.Actor;

/** A parameter of a pool, or of the service if that has no name, was changed while it runs. */
public record ConfigurationChanged(String pool, String attribute, String from, String to, Actor actor)
        implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.POOL_CONFIGURED;
    }
}
