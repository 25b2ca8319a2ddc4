package org.vivarium.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.worker.TransitionReason;

class RetirementTest {
    private static final PoolSettings SETTINGS =
            PoolSettings.DEFAULT.with(Map.of(PoolParameter.MAXIMUM_CALLS, 1_000L, PoolParameter.MAXIMUM_AGE, 60_000L));
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    @Test
    void the_factor_lies_within_ten_percent_of_one() {
        assertThat(new Retirement(() -> 0).draw()).isEqualTo(0.9);
        assertThat(new Retirement(() -> 0.5).draw()).isEqualTo(1.0);
        assertThat(new Retirement(() -> 1).draw()).isEqualTo(1.1);
    }

    @Test
    void workers_that_started_together_have_different_limits() {
        Random random = new Random(42);
        Retirement retirement = new Retirement(random::nextDouble);

        List<Long> limits = Stream.generate(retirement::draw)
                .limit(20)
                .map(factor -> Retirement.callLimit(SETTINGS, factor))
                .toList();

        assertThat(limits).allMatch(limit -> limit >= 900 && limit <= 1_100);
        assertThat(new HashSet<>(limits)).hasSizeGreaterThan(15);
    }

    @Test
    void calls_and_age_are_reasons_of_their_own() {
        assertThat(Retirement.due(899, 0, 0.9, SETTINGS)).isNull();
        assertThat(Retirement.due(900, 0, 0.9, SETTINGS)).isEqualTo(TransitionReason.CALL_LIMIT_REACHED);
        assertThat(Retirement.due(0, MINUTE * 109 / 100, 1.1, SETTINGS)).isNull();
        assertThat(Retirement.due(0, MINUTE * 111 / 100, 1.1, SETTINGS)).isEqualTo(TransitionReason.AGE_LIMIT_REACHED);
    }

    @Test
    void zero_is_never() {
        assertThat(Retirement.due(Long.MAX_VALUE - 1, Long.MAX_VALUE, 1, PoolSettings.DEFAULT))
                .isNull();
    }

    @Test
    void a_limit_of_one_call_is_one_call_whatever_the_factor() {
        PoolSettings once = PoolSettings.DEFAULT.with(Map.of(PoolParameter.MAXIMUM_CALLS, 1L));

        assertThat(Retirement.callLimit(once, 0.9)).isEqualTo(1);
        assertThat(Retirement.callLimit(once, 1.1)).isEqualTo(1);
    }
}
