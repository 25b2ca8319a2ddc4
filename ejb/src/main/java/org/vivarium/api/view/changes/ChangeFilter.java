package org.vivarium.api.view.changes;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * Which changes are asked for; {@code null} or nothing stands for all.
 *
 * @param actor the name of who asked for them
 * @param from the earliest time
 * @param to the time before which they were
 */
public record ChangeFilter(
        @Nullable String pool,
        @Nullable String actor,
        @Nullable String kind,
        @Nullable Instant from,
        @Nullable Instant to) {
    public ChangeFilter {
        pool = given(pool);
        actor = given(actor);
        kind = given(kind);
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isBlank() ? null : text;
    }

    /** All changes. */
    public static final ChangeFilter ALL = new ChangeFilter(null, null, null, null, null);

    /**
     * Returns the same within a time.
     *
     * @param from an instant; {@code null} or nothing for no limit
     * @param to likewise
     * @throws IllegalArgumentException if one is no instant
     */
    public ChangeFilter within(@Nullable String from, @Nullable String to) {
        return new ChangeFilter(pool, actor, kind, instant("from", from), instant("to", to));
    }

    private static @Nullable Instant instant(String name, @Nullable String text) {
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return Instant.parse(text.strip());
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    name + " must be an instant such as 2026-11-21T10:00:00Z, was \"" + text + '"', e);
        }
    }
}
