package org.vivarium.api.event;

/**
 * Something that happened in a pool. Times are readings of the service's monotonic clock in nanoseconds; handlers that
 * need wall-clock time take it from the envelope they are given.
 */
public sealed interface PoolEvent
        permits CallEnded,
                WorkerTransitioned,
                WorkerEnded,
                PoolResized,
                RolloutChanged,
                ConfigurationChanged,
                RecoveryDecided,
                BreakerChanged,
                ProgramsChanged {

    /** Returns the name of the pool. */
    String pool();

    /** Returns the event's name in filters and logs, such as {@code call.stop}. */
    String name();
}
