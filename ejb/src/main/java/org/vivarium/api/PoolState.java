package org.vivarium.api;

/** What a pool as a whole can be, as {@link org.vivarium.api.view.PoolView#state} says it. */
public enum PoolState {
    /** It is lazy, and nobody has called yet. */
    IDLE,
    /** No worker has become ready so far. */
    STARTING,
    /** It serves. */
    RUNNING,
    /** Workers cannot be started, or may not be for a while. */
    DEGRADED,
    /** An operator has it refuse calls. */
    DRAINED,
    /** The service has ended it. */
    STOPPED,
    /** It cannot start. */
    BROKEN
}
