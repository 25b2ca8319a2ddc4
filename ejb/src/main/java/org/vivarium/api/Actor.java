package org.vivarium.api;

import static java.util.Objects.requireNonNull;

/**
 * Who asked for a change, and through which interface.
 *
 * @param name the user, or the part of the service that acts on its own
 * @param origin {@code rest}, {@code jmx}, {@code java}, {@code file} or {@code service}
 */
public record Actor(String name, String origin) {
    /** The service itself. */
    public static final Actor SERVICE = new Actor("vivarium", "service");

    public Actor {
        requireNonNull(name, "name");
        requireNonNull(origin, "origin");
    }
}
