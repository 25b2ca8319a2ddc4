package org.vivarium.core.metrics.windows;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * What was recorded in one slot of 5 s, or in several.
 *
 * @param calls calls that ended, well or not
 * @param failures how often they failed, by kind; cancelled calls as well
 * @param life spans of the lives of workers; only of a pool as a whole
 */
public record TimeSlice(
        long calls,
        Map<ErrorKind, Long> failures,
        Durations waiting,
        Durations execution,
        Durations total,
        Map<LifeSpan, Durations> life) {
    /** How long one is. */
    public static final long NANOS = TimeUnit.SECONDS.toNanos(5);

    /** How many the longest window has. */
    public static final int KEPT = Window.FIFTEEN_MINUTES.slots();

    static final TimeSlice EMPTY = new TimeSlice(0, Map.of(), Durations.NONE, Durations.NONE, Durations.NONE, Map.of());

    private static final int ENTRY_BYTES = 48;

    public TimeSlice {
        failures = Map.copyOf(failures);
        life = Map.copyOf(life);
    }

    /** Returns all of {@code parts} together. */
    public static TimeSlice union(Collection<TimeSlice> parts) {
        List<TimeSlice> full =
                parts.stream().filter(part -> !part.equals(EMPTY)).toList();
        if (full.size() <= 1) {
            return full.isEmpty() ? EMPTY : full.get(0);
        }
        return new TimeSlice(
                full.stream().mapToLong(TimeSlice::calls).sum(),
                failures(full),
                durations(full, TimeSlice::waiting),
                durations(full, TimeSlice::execution),
                durations(full, TimeSlice::total),
                life(full));
    }

    private static Map<LifeSpan, Durations> life(List<TimeSlice> parts) {
        Map<LifeSpan, Durations> all = new EnumMap<>(LifeSpan.class);
        for (LifeSpan span : LifeSpan.values()) {
            Durations durations = durations(parts, part -> part.life(span));
            if (durations.count() > 0) {
                all.put(span, durations);
            }
        }
        return all;
    }

    /** Returns how long the spans of a kind were that ended. */
    public Durations life(LifeSpan span) {
        return life.getOrDefault(span, Durations.NONE);
    }

    private static Durations durations(List<TimeSlice> parts, Function<TimeSlice, Durations> which) {
        return Durations.union(parts.stream().map(which).toList());
    }

    /** Returns the failures of all of {@code parts} together. */
    public static Map<ErrorKind, Long> failures(List<TimeSlice> parts) {
        Map<ErrorKind, Long> sum = new HashMap<>();
        parts.forEach(part -> part.failures.forEach((kind, count) -> sum.merge(kind, count, Long::sum)));
        return sum;
    }

    /** Returns how many calls failed; cancelled ones excluded. */
    public long errors() {
        return errors(failures);
    }

    /** Returns how many of {@code failures} are errors: cancelled calls excluded. */
    public static long errors(Map<ErrorKind, Long> failures) {
        return failures.entrySet().stream()
                .filter(entry -> entry.getKey().isError())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    /** Returns about how much memory it takes, apart from the object itself. */
    public int bytes() {
        int lives = life.values().stream()
                .mapToInt(durations -> ENTRY_BYTES + durations.bytes())
                .sum();
        return waiting.bytes() + execution.bytes() + total.bytes() + lives + failures.size() * ENTRY_BYTES;
    }
}
