package org.vivarium.api;

/** What the last check of a worker found; independent of its {@link WorkerState}. */
public enum WorkerHealth {
    /** The last check, or the last call, went well. */
    HEALTHY,
    /** The last check failed, or the worker is being ended for a failure. */
    UNHEALTHY,
    /** Not checked yet. */
    UNKNOWN
}
