package org.vivarium.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RestartIntensityTest {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RestartIntensity intensity = new RestartIntensity();

    @Test
    void as_many_as_the_limit_are_bad_luck_and_one_more_is_a_crash_loop() {
        assertThat(tooManyAt(1)).isFalse();
        assertThat(tooManyAt(2)).isFalse();
        assertThat(tooManyAt(3)).isFalse();
        assertThat(tooManyAt(4)).isTrue();
    }

    @Test
    void what_is_older_than_the_window_counts_no_more() {
        tooManyAt(0);
        tooManyAt(1);
        tooManyAt(2);

        assertThat(tooManyAt(61)).as("only the one at 0 has left").isFalse();
        assertThat(tooManyAt(62)).isFalse();
        assertThat(tooManyAt(62)).isTrue();
    }

    @Test
    void a_clock_below_zero_is_as_good_as_any() {
        assertThat(intensity.countAfter(Long.MAX_VALUE - SECOND, WINDOW)).isEqualTo(1);
        assertThat(intensity.countAfter(Long.MIN_VALUE + SECOND, WINDOW))
                .as("two seconds later, past the overflow")
                .isEqualTo(2);
    }

    @Property(tries = 300)
    void counts_exactly_what_the_window_holds(@ForAll List<@IntRange(max = 40) Integer> pauses) {
        RestartIntensity asked = new RestartIntensity();
        List<Long> ends = new ArrayList<>();
        long now = 0;
        for (int pause : pauses) {
            now += pause;
            ends.add(now);
            long oldest = now - WINDOW.toSeconds();
            long inWindow = ends.stream().filter(end -> end >= oldest).count();
            assertThat(asked.countAfter(now * SECOND, WINDOW)).isEqualTo((int) inWindow);
        }
    }

    private boolean tooManyAt(long seconds) {
        return intensity.countAfter(seconds * SECOND, WINDOW) > 3;
    }
}
