package org.vivarium.api.event;

import org.vivarium.api.ObjectiveLevel;

/**
 * A target of a service objective is kept better or worse than before.
 *
 * @param objective which programs it is about
 * @param indicator {@code duration}, {@code success-ratio} or {@code availability}
 * @param used how much of the target is used up, 1 being all of it; NaN without calls
 */
public record ObjectiveLevelChanged(
        String pool,
        String objective,
        String indicator,
        ObjectiveLevel from,
        ObjectiveLevel to,
        double value,
        double target,
        double used)
        implements PoolEvent {
    @Override
    public EventType type() {
        return EventType.OBJECTIVE_LEVEL_CHANGED;
    }
}
