package org.vivarium.core.context;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolTotals.Counter;
import org.vivarium.core.metrics.exposition.Metric;
import org.vivarium.core.metrics.exposition.MetricKind;

class PoolCountersTest {
    private final PoolCounters counters = new PoolCounters();

    @ParameterizedTest
    @EnumSource
    void what_is_counted_appears_under_its_own_name_and_no_other(Counter counted) throws ReflectiveOperationException {
        counters.count(counted);

        PoolTotals totals = counters.totals(counted == Counter.RECOVERIES ? 1 : 0);

        for (Counter counter : Counter.values()) {
            String name = counter.attribute().substring(0, 1).toLowerCase(Locale.ROOT)
                    + counter.attribute().substring(1);
            assertThat(PoolTotals.class.getMethod(name).invoke(totals)).isEqualTo(counter == counted ? 1L : 0L);
            assertThat(totals.of(counter)).isEqualTo(counter == counted ? 1L : 0L);
        }
        assertThat(PoolTotals.class.getRecordComponents()).hasSameSizeAs(Counter.values());
    }

    @Test
    void what_was_counted_before_is_taken_away_from_each() {
        PoolTotals earlier = PoolTotals.counted(counter -> counter.name().length());
        PoolTotals later = PoolTotals.counted(counter -> 3L * counter.name().length());

        assertThat(later.since(earlier))
                .isEqualTo(PoolTotals.counted(counter -> 2L * counter.name().length()));
    }

    @ParameterizedTest
    @EnumSource
    void each_counter_is_a_metric(Counter counter) {
        assertThat(Metric.values())
                .filteredOn(metric -> metric.attribute().equals(counter.attribute()))
                .singleElement()
                .matches(metric -> metric.kind() == MetricKind.COUNTER);
    }
}
