package org.vivarium.core.history;

import java.time.Instant;

/**
 * Something that happened.
 *
 * @param pool empty if it is of no pool
 * @param type such as {@code worker.died}
 * @param subject what it is about, such as a worker; may be empty
 * @param details its members, as JSON
 */
public record KeptEvent(Instant at, String pool, String type, String subject, String details) {}
