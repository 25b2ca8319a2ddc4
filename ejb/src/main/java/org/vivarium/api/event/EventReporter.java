package org.vivarium.api.event;

import java.time.Instant;

/**
 * Reports to another system what happens in Vivarium: a metrics store, an event bus, an audit trail.
 *
 * <p>An implementation with a public constructor without parameters, in a jar in {@code lib/} of the EAR, is found by
 * {@link java.util.ServiceLoader}: name it in {@code META-INF/services/org.vivarium.api.event.EventReporter}. It has a
 * thread and a bounded queue of its own, so being slow costs nobody else anything: what it cannot take is dropped and
 * counted, and what it throws is logged and counted. Only that one thread calls it.
 */
@FunctionalInterface
public interface EventReporter {
    /**
     * Hears of an event that the filter {@code vivarium.telemetry.events} lets through.
     *
     * @param time when it happened
     */
    void report(Instant time, PoolEvent event);

    /** Returns how the reporter is called in JMX and logs. */
    default String name() {
        return getClass().getSimpleName();
    }
}
