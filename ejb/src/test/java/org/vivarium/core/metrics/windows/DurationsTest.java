package org.vivarium.core.metrics.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.vivarium.api.view.metrics.LatencyView;

class DurationsTest {
    private static final long HOUR = 3_600_000_000_000L;

    @Property(tries = 300)
    void percentiles_differ_by_at_most_one_percent_from_sorting(
            @ForAll @Size(min = 1, max = 400) List<@LongRange(max = HOUR) Long> nanos) {
        long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
        LatencyView seen = Durations.view(List.of(recorded(nanos)));

        assertThat(seen.samples()).isEqualTo(sorted.length);
        for (Percentile percentile : Percentile.values()) {
            double quantile = Double.parseDouble(percentile.quantile());
            int rank = Math.max(1, (int) Math.ceil(quantile * sorted.length - 1e-9));
            assertThat(percentile.of(seen))
                    .as(percentile.label())
                    .isCloseTo(sorted[rank - 1] / 1e6, Percentage.withPercentage(1));
        }
    }

    @Property(tries = 300)
    void one_that_is_read_alone_says_what_a_histogram_would(
            @ForAll @Size(min = 1, max = 300) List<@LongRange(max = HOUR) Long> one,
            @ForAll @Size(min = 1, max = 300) List<@LongRange(max = HOUR) Long> other) {
        List<Durations> two = List.of(recorded(one), recorded(other));

        assertThat(Durations.view(List.of(Durations.union(two)))).isEqualTo(Durations.view(two));
    }

    @Property(tries = 100)
    void a_union_is_what_one_recording_of_all_would_have_been(
            @ForAll @Size(max = 100) List<@LongRange(max = HOUR) Long> one,
            @ForAll @Size(max = 100) List<@LongRange(max = HOUR) Long> other) {
        List<Long> all = Stream.concat(one.stream(), other.stream()).toList();

        Durations union = Durations.union(List.of(recorded(one), recorded(other)));

        assertThat(union.count()).isEqualTo(all.size());
        assertThat(Durations.view(List.of(union))).isEqualTo(Durations.view(List.of(recorded(all))));
    }

    @Test
    void no_samples_are_no_data_and_never_zero() {
        LatencyView none = Durations.view(List.of(Durations.NONE));

        assertThat(none.samples()).isZero();
        assertThat(Arrays.stream(Percentile.values()).mapToDouble(percentile -> percentile.of(none)))
                .containsOnly(Double.NaN);
    }

    @Test
    void what_is_longer_than_a_day_counts_as_a_day() {
        assertThat(Durations.view(List.of(recorded(List.of(Long.MAX_VALUE)))).maxMillis())
                .isCloseTo(86_400_000, Percentage.withPercentage(1));
    }

    @Test
    void a_thousand_durations_rest_in_far_less_memory_than_a_histogram() {
        List<Long> spread = LongStream.rangeClosed(1, 1_000)
                .map(each -> each * each * 1_000)
                .boxed()
                .toList();

        assertThat(recorded(spread).bytes()).isLessThan(4_000);
    }

    private static Durations recorded(List<Long> nanos) {
        Recording recording = new Recording();
        nanos.forEach(recording::add);
        return recording.look();
    }
}
