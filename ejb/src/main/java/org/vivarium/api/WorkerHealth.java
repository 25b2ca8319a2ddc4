package org.vivarium.api;

/** What the last check of a worker found; independent of its {@link WorkerState}. */
public enum WorkerHealth {
    /** The last check went well, or the worker has become ready and was not checked since. */
    HEALTHY,
    /** The last check failed, or the worker is being ended for a failure. */
    UNHEALTHY,
    /** Not checked yet. */
    UNKNOWN
}
