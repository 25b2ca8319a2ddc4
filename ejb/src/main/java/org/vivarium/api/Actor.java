package org.vivarium.api;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/**
 * Who asked for a change, and through which interface.
 *
 * @param name the user, or the part of the service that acts on its own
 * @param origin {@code rest}, {@code jmx}, {@code java}, {@code file} or {@code service}
 * @param address from where, such as the client's IP address or a file with its line; {@code null} if that is not known
 * @param reason why, in the words of who asked; {@code null} if nothing was said
 */
public record Actor(
        String name,
        String origin,
        @Nullable String address,
        @Nullable String reason) {
    /** The service itself. */
    public static final Actor SERVICE = new Actor("vivarium", "service");

    public Actor {
        requireNonNull(name, "name");
        requireNonNull(origin, "origin");
    }

    /** Somebody of whom no address is known. */
    public Actor(String name, String origin) {
        this(name, origin, null);
    }

    /** Somebody who said no reason. */
    public Actor(String name, String origin, @Nullable String address) {
        this(name, origin, address, null);
    }

    /** Returns the same, who says why; {@code null} for no reason. */
    public Actor because(@Nullable String why) {
        return new Actor(name, origin, address, why == null || why.isBlank() ? null : why.strip());
    }
}
