package org.vivarium.api;

/** What a circuit breaker can be, as {@link org.vivarium.api.view.BreakerView#state} says it. */
public enum BreakerState {
    /** Calls pass. */
    CLOSED,
    /** Calls are refused. */
    OPEN,
    /** Some calls pass, to find out whether it can close. */
    HALF_OPEN
}
