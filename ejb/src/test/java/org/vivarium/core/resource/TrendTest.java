package org.vivarium.core.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class TrendTest {
    private static final long STEP = TimeUnit.SECONDS.toNanos(5);

    private final Trend trend = new Trend();
    private long nanos;

    @Test
    void few_values_say_nothing() {
        add(Trend.LEAST - 1, i -> i);

        assertThat(trend.perMinute()).isNaN();
    }

    @Test
    void steady_growth_is_told_per_minute() {
        add(Trend.LEAST, i -> 100 + 10 * i);

        assertThat(trend.perMinute()).isCloseTo(120, within(1e-9));
    }

    @Test
    void a_few_leaps_do_not_move_it() {
        add(Trend.KEPT, i -> i == 3 || i == 20 ? 1e9 : 10 * i);

        assertThat(trend.perMinute()).isCloseTo(120, within(1e-9));
    }

    @Test
    void what_is_long_ago_is_forgotten() {
        add(5 * Trend.KEPT, i -> i < 4 * Trend.KEPT ? 1_000 * i : 7);

        assertThat(trend.perMinute()).isZero();
    }

    @Test
    void growth_that_comes_and_goes_is_not_steady() {
        add(Trend.KEPT, i -> 10 * i);
        assertThat(trend.isSteady()).isTrue();
        add(Trend.KEPT, i -> i < Trend.KEPT / 2 ? 0 : 100); // one leap, before and after which nothing happens
        assertThat(trend.isSteady()).isFalse();
        add(Trend.KEPT, i -> i % 4);
        assertThat(trend.isSteady()).isFalse();
    }

    private void add(int values, IntToDoubleFunction value) {
        for (int i = 0; i < values; i++) {
            trend.add(nanos += STEP, value.applyAsDouble(i));
        }
    }
}
