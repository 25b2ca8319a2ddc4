package org.vivarium.core.telemetry;

/**
 * What a handler has handled so far.
 *
 * @param queued whether it has a queue and a thread of its own
 * @param dropped what its queue had no room for
 * @param failures how often it threw
 * @param waiting what is in its queue now
 */
public record SinkView(String name, boolean queued, long delivered, long dropped, long failures, int waiting) {}
