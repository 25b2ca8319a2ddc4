package org.vivarium.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
    private static final Duration BASE = Duration.ofMillis(100);
    private static final Duration CAP = Duration.ofSeconds(5);

    @Test
    void doubles_with_each_failure_up_to_the_cap() {
        Backoff backoff = new Backoff(BASE, CAP, () -> 0.5);

        List<Long> waits = IntStream.rangeClosed(1, 8)
                .mapToObj(failures -> backoff.after(failures).toMillis())
                .toList();

        assertThat(waits).containsExactly(100L, 200L, 400L, 800L, 1_600L, 3_200L, 5_000L, 5_000L);
    }

    @Test
    void is_spread_by_a_quarter_to_both_sides() {
        assertThat(new Backoff(BASE, CAP, () -> 0.0).after(1)).isEqualTo(Duration.ofMillis(75));
        assertThat(new Backoff(BASE, CAP, () -> 1.0).after(1)).isEqualTo(Duration.ofMillis(125));
    }

    @Test
    void no_failure_counts_as_the_first() {
        assertThat(new Backoff(BASE, CAP, () -> 0.5).after(0)).isEqualTo(BASE);
    }

    @Property(tries = 500)
    void stays_between_three_quarters_of_the_base_and_five_quarters_of_the_cap(
            @ForAll @IntRange(min = 1) int failures, @ForAll @DoubleRange(max = 0.99) double random) {
        assertThat(new Backoff(BASE, CAP, () -> random).after(failures))
                .isBetween(Duration.ofMillis(75), Duration.ofMillis(6_250));
    }
}
