package org.vivarium.core.metrics.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The last slots of a series, whole minutes of which are kept as one. */
final class TimeSliceRingTest {
    private static final int CAPACITY = 179;
    private static final int OPEN = 1_000_000;

    @Property
    void the_last_slots_are_the_same_with_whole_minutes_as_one_by_one(
            @ForAll @IntRange(max = 600) int pushed, @ForAll @IntRange(min = 1, max = 180) int wanted) {
        TimeSliceRing ring = new TimeSliceRing(CAPACITY);
        IntStream.rangeClosed(1, pushed).forEach(slot -> ring.push(withCalls(slot)));

        List<TimeSlice> parts = ring.after(withCalls(OPEN)).last(wanted);

        int oldest = Math.max(1, pushed - wanted + 2);
        assertThat(TimeSlice.union(parts).calls())
                .isEqualTo(OPEN + IntStream.rangeClosed(oldest, pushed).sum());
        assertThat(parts).hasSizeLessThanOrEqualTo(1 + 11 + 14 + 11);
    }

    @Property
    void each_slot_is_found_by_its_age(@ForAll @IntRange(max = 600) int pushed) {
        TimeSliceRing ring = new TimeSliceRing(CAPACITY);
        IntStream.rangeClosed(1, pushed).forEach(slot -> ring.push(withCalls(slot)));

        TimeSlices slots = ring.after(withCalls(OPEN));

        assertThat(slots.size()).isEqualTo(Math.min(pushed, CAPACITY) + 1);
        assertThat(slots.at(0).calls()).isEqualTo(OPEN);
        assertThat(IntStream.range(1, slots.size())
                        .mapToLong(age -> slots.at(age).calls()))
                .containsExactlyElementsOf(IntStream.range(1, slots.size())
                        .mapToObj(age -> pushed + 1L - age)
                        .toList());
    }

    private static TimeSlice withCalls(long calls) {
        return new TimeSlice(calls, Map.of(), Durations.NONE, Durations.NONE, Durations.NONE, Map.of());
    }
}
