package org.vivarium.core.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vivarium.core.capacity.Demand.Load;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.testing.ManualTicker;

/** How the number of wanted workers follows orders, waiting callers and idle time. */
class DemandTest {
    private static final Duration LONG = Duration.ofSeconds(1);
    private static final PoolSettings SETTINGS = PoolSettings.DEFAULT.with(Map.of(
            PoolParameter.MINIMUM_WORKERS, 2L,
            PoolParameter.MAXIMUM_WORKERS, 4L,
            PoolParameter.OVERFLOW, 1L,
            PoolParameter.GROWTH_DELAY, 500L,
            PoolParameter.IDLE_TIME, 10_000L));

    private final ManualTicker ticker = new ManualTicker();
    private final Demand demand = new Demand();

    @Test
    void a_pool_grows_by_one_while_its_oldest_caller_has_waited_too_long_and_all_workers_are_there() {
        demand.keep(2, false);

        waiting(Duration.ofMillis(499), 2);
        assertThat(demand.target()).isEqualTo(2);
        waiting(Duration.ofMillis(500), 1);
        assertThat(demand.target()).as("one is missing, and on its way").isEqualTo(2);
        waiting(Duration.ofMillis(500), 2);
        assertThat(demand.target()).isEqualTo(3);
        waiting(LONG, 2);
        assertThat(demand.target()).as("the third is not ready yet").isEqualTo(3);
    }

    @Test
    void it_grows_over_the_maximum_by_the_overflow_and_gives_that_up_as_soon_as_nobody_waits() {
        demand.keep(2, false);
        for (int i = 0; i < 10; i++) {
            waiting(LONG, demand.target());
        }
        assertThat(demand.target()).isEqualTo(5);

        quiet(5, 0);
        assertThat(demand.target()).isEqualTo(4);
        quiet(4, 0);
        assertThat(demand.target()).as("nobody is idle").isEqualTo(4);
    }

    @Test
    void what_it_grew_by_goes_one_by_one_after_the_idle_time_down_to_what_was_asked_for() {
        demand.keep(3, false);
        waiting(LONG, 3);
        assertThat(demand.target()).isEqualTo(4);

        quiet(4, 1);
        ticker.advance(Duration.ofSeconds(9));
        quiet(4, 1);
        assertThat(demand.target()).isEqualTo(4);
        ticker.advance(Duration.ofSeconds(1));
        quiet(4, 1);
        assertThat(demand.target()).isEqualTo(3);
        ticker.advance(Duration.ofSeconds(100));
        quiet(3, 3);
        assertThat(demand.target()).isEqualTo(3);
    }

    @Test
    void a_moment_without_an_idle_worker_begins_the_idle_time_anew() {
        demand.keep(2, false);
        waiting(LONG, 2);
        quiet(3, 1);
        ticker.advance(Duration.ofSeconds(9));
        quiet(3, 0);
        ticker.advance(Duration.ofSeconds(9));
        quiet(3, 1);
        ticker.advance(Duration.ofSeconds(9));
        quiet(3, 1);

        assertThat(demand.target()).isEqualTo(3);
    }

    @Test
    void a_lazy_pool_wants_nobody_until_it_is_woken() {
        demand.keep(2, true);
        assertThat(demand.target()).isZero();
        assertThat(demand.asleep()).isTrue();
        waiting(LONG, 0);
        assertThat(demand.target()).isZero();

        assertThat(demand.wake()).isTrue();
        assertThat(demand.target()).isEqualTo(2);
        assertThat(demand.wake()).isFalse();
    }

    @Test
    void an_order_ends_the_sleep_and_what_was_grown() {
        demand.keep(2, true);
        demand.keep(3, false);
        assertThat(demand.target()).isEqualTo(3);

        waiting(LONG, 3);
        demand.keep(2, false);
        assertThat(demand.target()).isEqualTo(2);
    }

    @Test
    void changed_settings_bound_what_is_kept_and_what_was_grown() {
        demand.keep(2, false);
        for (int i = 0; i < 10; i++) {
            waiting(LONG, demand.target());
        }
        demand.follow(SETTINGS.with(Map.of(PoolParameter.MAXIMUM_WORKERS, 3L, PoolParameter.OVERFLOW, 0L)));
        assertThat(demand.target()).isEqualTo(3);

        demand.follow(SETTINGS.with(Map.of(PoolParameter.MINIMUM_WORKERS, 4L)));
        assertThat(demand.target()).isEqualTo(5);
    }

    private void waiting(Duration oldest, int ready) {
        demand.observe(new Load(1, oldest.toNanos(), ready, 0), SETTINGS, ticker.nanos());
    }

    private void quiet(int ready, int idle) {
        demand.observe(new Load(0, 0, ready, idle), SETTINGS, ticker.nanos());
    }
}
