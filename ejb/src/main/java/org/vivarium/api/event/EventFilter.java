package org.vivarium.api.event;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which events are wanted, by patterns of their names.
 *
 * <p>A pattern is a name ({@code call.stop}), a name from the left ({@code worker.init} for all that begin so), or
 * {@code *}; {@code worker.*} is {@code worker}. With {@code -} in front it takes away what others give, wherever it
 * stands. Immutable.
 */
public final class EventFilter {
    /** What is wanted unless somebody says so: everything but what happens several times for each call. */
    public static final EventFilter DEFAULT =
            EventFilter.parse("*, -call.start, -worker.checkout, -worker.checkin, -session.*");

    private final List<String> patterns;
    private final Set<EventType> types;

    private EventFilter(List<String> patterns) {
        this.patterns = patterns;
        this.types = EnumSet.noneOf(EventType.class);
        patterns.stream().filter(pattern -> !isNegative(pattern)).forEach(each -> types.addAll(matched(each)));
        patterns.stream().filter(EventFilter::isNegative).forEach(each -> types.removeAll(matched(each.substring(1))));
    }

    /**
     * Returns the filter that {@code text} describes: patterns with commas between them; none for no events.
     *
     * @throws IllegalArgumentException if a pattern matches no event; the message says what is allowed
     */
    public static EventFilter parse(String text) {
        return new EventFilter(Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(pattern -> !pattern.isEmpty())
                .toList());
    }

    private static boolean isNegative(String pattern) {
        return pattern.startsWith("-");
    }

    private static Set<EventType> matched(String pattern) {
        String stem = pattern.endsWith(".*") ? pattern.substring(0, pattern.length() - 2) : pattern;
        Set<EventType> found = EnumSet.noneOf(EventType.class);
        for (EventType type : EventType.values()) {
            if (stem.equals("*") || type.dotted().equals(stem) || type.dotted().startsWith(stem + '.')) {
                found.add(type);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException(
                    "\"%s\" matches no event; use *, a name or its beginning, such as worker.* or -call.start; there are: %s"
                            .formatted(
                                    pattern,
                                    Arrays.stream(EventType.values())
                                            .map(EventType::dotted)
                                            .collect(Collectors.joining(", "))));
        }
        return found;
    }

    /** Returns whether events of {@code type} are wanted. */
    public boolean wants(EventType type) {
        return types.contains(type);
    }

    /** Returns the patterns, as they are parsed. */
    @Override
    public String toString() {
        return String.join(", ", patterns);
    }
}
