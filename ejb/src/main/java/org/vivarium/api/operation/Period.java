package org.vivarium.api.operation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/** A period in steps, as operators write it in every interface. */
public record Period(Instant from, Instant to, Duration step) {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    /**
     * Reads one.
     *
     * @param from an instant such as {@code 2026-11-21T10:00:00Z}; an hour before {@code to} if missing or empty
     * @param to likewise; now if missing or empty
     * @param step a duration such as {@code PT1M}; a minute if missing or empty
     * @throws IllegalArgumentException if one of them is something else
     */
    public static Period parse(@Nullable String from, @Nullable String to, @Nullable String step, InstantSource clock) {
        try {
            Instant until = isMissing(to) ? clock.instant() : Instant.parse(to);
            Instant since = isMissing(from) ? until.minus(HOUR) : Instant.parse(from);
            return new Period(since, until, isMissing(step) ? MINUTE : Duration.parse(step));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException(
                    "from and to must be instants such as 2026-11-21T10:00:00Z, and step a duration such as PT1M, was \""
                            + e.getParsedString() + '"',
                    e);
        }
    }

    private static boolean isMissing(@Nullable String text) {
        return text == null || text.isBlank();
    }
}
