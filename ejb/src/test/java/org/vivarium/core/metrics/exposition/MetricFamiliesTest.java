package org.vivarium.core.metrics.exposition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.core.metrics.exposition.MetricFamilies.Sample;

class MetricFamiliesTest {
    private final MetricFamilies families = new MetricFamilies();

    @Test
    void open_metrics_has_counters_without_their_suffix_in_the_head_and_an_end() {
        families.counter("a_total", "Things.", Stream.of(new Sample<>(List.of("pool", "p\"q"), 3.0)));

        assertThat(written(MetricsFormat.OPEN_METRICS))
                .containsExactly("# TYPE a counter", "# HELP a Things.", "a_total{pool=\"p\\\"q\"} 3.0", "# EOF");
        assertThat(written(MetricsFormat.PROMETHEUS))
                .containsExactly("# HELP a_total Things.", "# TYPE a_total counter", "a_total{pool=\"p\\\"q\"} 3.0");
    }

    @Test
    void a_counter_that_is_not_known_has_no_sample() {
        families.counter("a_total", "Things.", Stream.of(new Sample<>(List.of(), -1.0)));

        assertThat(written(MetricsFormat.PROMETHEUS)).isEmpty();
        assertThat(families.names()).containsExactly("a_total");
    }

    @Test
    void a_family_that_comes_twice_is_refused() {
        families.gauge("a", "Things.", Stream.of(new Sample<>(List.of(), 1.0)));
        families.gauge("a", "Things.", Stream.of(new Sample<>(List.of(), 1.0)));

        assertThatThrownBy(() -> families.write(MetricsFormat.PROMETHEUS)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_counter_must_be_named_as_one() {
        assertThatThrownBy(() -> families.counter("a", "Things.", Stream.empty()))
                .hasMessage("a must end with _total");
    }

    private List<String> written(MetricsFormat format) {
        return new String(families.write(format), UTF_8).lines().toList();
    }
}
