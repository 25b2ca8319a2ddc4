package org.vivarium.web.call;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the {@code Accept} header of a call asks for. */
enum Preference {
    JSON,
    EVENTS,
    /** Neither. */
    OTHER;

    private static final List<String> JSON_RANGES = List.of("*/*", "application/*", "application/json");
    private static final List<String> EVENT_RANGES = List.of("text/event-stream", "text/*");

    /** Returns the preference of {@code accept}; JSON if there is no such header. */
    static Preference of(@Nullable String accept) {
        if (accept == null || accept.isBlank()) {
            return JSON;
        }
        return Arrays.stream(accept.toLowerCase(Locale.ROOT).split(",", -1))
                .map(Range::of)
                .filter(range -> range.quality > 0 && range.meaning() != OTHER)
                .sorted(Comparator.comparingDouble((Range range) -> -range.quality)) // stable: the first of equals
                .map(Range::meaning)
                .findFirst()
                .orElse(OTHER);
    }

    /** A media range and its quality, from 0 to 1. */
    private record Range(String type, double quality) {
        static Range of(String text) {
            String[] parts = text.split(";", -1);
            double quality = Arrays.stream(parts)
                    .skip(1)
                    .map(String::strip)
                    .filter(part -> part.matches("q=[0-9.]{1,5}"))
                    .mapToDouble(part -> number(part.substring(2)))
                    .findFirst()
                    .orElse(1);
            return new Range(parts[0].strip(), quality);
        }

        private static double number(String text) {
            try {
                return Double.parseDouble(text);
            } catch (NumberFormatException e) { // several points: taken as not wanted
                return 0;
            }
        }

        Preference meaning() {
            if (JSON_RANGES.contains(type)) {
                return JSON;
            }
            return EVENT_RANGES.contains(type) ? EVENTS : OTHER;
        }
    }
}
