package org.vivarium.core.breaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.core.breaker.CircuitBreaker.REFUSED;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.vivarium.core.breaker.CircuitBreaker.Mode;
import org.vivarium.testing.ManualTicker;

class CircuitBreakerTest {
    private final ManualTicker ticker = new ManualTicker();
    private final List<String> told = new ArrayList<>();
    private BreakerLimits limits = new BreakerLimits(
            5, 20, Duration.ofSeconds(60).toNanos(), Duration.ofSeconds(60).toNanos(), 3, 3);
    private final CircuitBreaker breaker = new CircuitBreaker(
            ticker, () -> limits, (mode, failures, by) -> told.add(mode + " " + failures + " " + by));

    @Test
    void five_failures_in_a_row_open_it_and_one_success_before_starts_the_count_again() {
        fail(4);
        breaker.succeeded(breaker.enter());
        fail(4);
        assertThat(breaker.snapshot().mode()).isEqualTo(Mode.CLOSED);
        assertThat(breaker.snapshot().failures()).isEqualTo(4);

        fail(1);

        assertThat(breaker.enter()).isEqualTo(REFUSED);
        assertThat(breaker.isOpen()).isTrue();
        assertThat(breaker.snapshot().rejected()).isEqualTo(1);
        assertThat(told).containsExactly("OPEN 5 null");
    }

    @Test
    void what_says_nothing_about_the_program_changes_nothing() {
        fail(4);
        breaker.ignored(breaker.enter());
        assertThat(breaker.snapshot().failures()).isEqualTo(4);
        fail(1);
        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void after_a_while_three_at_a_time_may_try_and_three_successes_close_it() {
        fail(5);
        ticker.advance(Duration.ofSeconds(60).minusNanos(1));
        assertThat(breaker.enter()).isEqualTo(REFUSED);
        assertThat(breaker.snapshot().closedForNanos()).isEqualTo(1);
        ticker.advance(Duration.ofNanos(1));

        long first = breaker.enter();
        long second = breaker.enter();
        long third = breaker.enter();
        assertThat(breaker.enter()).isEqualTo(REFUSED);
        breaker.ignored(third);
        long fourth = breaker.enter();
        assertThat(fourth).isNotEqualTo(REFUSED);
        breaker.succeeded(first);
        breaker.succeeded(second);
        assertThat(breaker.snapshot().mode()).isEqualTo(Mode.HALF_OPEN);
        breaker.succeeded(fourth);

        assertThat(breaker.snapshot().mode()).isEqualTo(Mode.CLOSED);
        assertThat(breaker.snapshot().failures()).isZero();
        assertThat(told).containsExactly("OPEN 5 null", "HALF_OPEN 5 null", "CLOSED 0 null");
    }

    @Test
    void a_probe_that_fails_opens_it_for_another_while() {
        fail(5);
        ticker.advance(Duration.ofSeconds(60));
        long probe = breaker.enter();
        long other = breaker.enter();

        breaker.failed(probe);
        breaker.succeeded(other);

        assertThat(breaker.enter()).isEqualTo(REFUSED);
        assertThat(told).containsExactly("OPEN 5 null", "HALF_OPEN 5 null", "OPEN 6 null");
    }

    @Test
    void a_call_that_began_before_a_change_says_nothing_after_it() {
        long early = breaker.enter();
        long late = breaker.enter();
        fail(5);
        ticker.advance(Duration.ofSeconds(60));
        breaker.enter();

        breaker.failed(early);
        breaker.succeeded(late);

        assertThat(breaker.snapshot().mode()).isEqualTo(Mode.HALF_OPEN);
    }

    @Test
    void probes_that_never_tell_how_they_went_do_not_block_it_for_ever() {
        fail(5);
        ticker.advance(Duration.ofSeconds(60));
        for (int probe = 0; probe < 3; probe++) {
            assertThat(breaker.enter()).isNotEqualTo(REFUSED);
        }
        assertThat(breaker.enter()).isEqualTo(REFUSED);

        ticker.advance(Duration.ofSeconds(60));

        assertThat(breaker.enter()).isNotEqualTo(REFUSED);
    }

    @Test
    void opened_by_hand_it_stays_so_until_it_is_closed_by_hand() {
        breaker.open("ann");
        ticker.advance(Duration.ofDays(1));
        assertThat(breaker.enter()).isEqualTo(REFUSED);
        assertThat(breaker.snapshot().byHand()).isTrue();

        breaker.close("bob");

        assertThat(breaker.enter()).isNotEqualTo(REFUSED);
        assertThat(told).containsExactly("OPEN 0 ann", "CLOSED 0 bob");
    }

    @Test
    void switched_off_it_counts_nothing_and_opens_only_by_hand() {
        fail(5);
        limits = new BreakerLimits(0, 0, limits.windowNanos(), limits.openNanos(), 3, 3);
        assertThat(breaker.enter()).isNotEqualTo(REFUSED);
        fail(50);
        assertThat(breaker.isOpen()).isFalse();

        breaker.open("ann");
        assertThat(breaker.enter()).isEqualTo(REFUSED);
    }

    /** Steps: 0 enter, 1 succeed, 2 fail, 3 ignore the oldest that is under way, 4 wait. */
    @Property
    void whatever_happens_it_never_lets_more_probe_than_it_may_and_opens_after_that_many_failures_only(
            @ForAll @Size(max = 200) List<@IntRange(max = 4) Integer> steps) {
        breaker.close("a new try");
        Deque<Long> underWay = new ArrayDeque<>();
        int inARow = 0;
        for (int step : steps) {
            Mode before = breaker.snapshot().mode();
            long current = before == Mode.CLOSED ? breaker.enter() : REFUSED; // changes nothing while it is closed
            Long oldest = underWay.peek();
            if (step == 0) {
                long epoch = breaker.enter();
                if (epoch != REFUSED) {
                    underWay.add(epoch);
                }
            } else if (step == 4) {
                ticker.advance(Duration.ofSeconds(20));
            } else if (oldest != null) {
                underWay.remove();
                if (oldest == current) {
                    inARow = step == 1 ? 0 : step == 2 ? inARow + 1 : inARow;
                }
                end(step, oldest);
            }
            Mode after = breaker.snapshot().mode();
            if (before == Mode.CLOSED && after == Mode.OPEN) {
                assertThat(inARow).isEqualTo(5);
                inARow = 0;
            }
            if (after == Mode.HALF_OPEN) {
                long epoch = underWay.isEmpty() ? 0 : underWay.getLast();
                assertThat(underWay.stream().filter(each -> each == epoch).count())
                        .isLessThanOrEqualTo(3);
            }
        }
    }

    private void end(int step, long epoch) {
        switch (step) {
            case 1 -> breaker.succeeded(epoch);
            case 2 -> breaker.failed(epoch);
            default -> breaker.ignored(epoch);
        }
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.failed(breaker.enter());
        }
    }

    @Test
    void half_of_twenty_calls_that_fail_within_a_minute_open_it_though_never_five_in_a_row() {
        for (int pair = 1; pair < 10; pair++) {
            breaker.failed(breaker.enter());
            breaker.succeeded(breaker.enter());
        }
        breaker.failed(breaker.enter());
        assertThat(breaker.isClosed()).as("19 calls").isTrue();

        breaker.failed(breaker.enter());

        assertThat(breaker.isOpen()).isTrue();
    }

    @Test
    void failures_that_are_less_than_half_or_further_apart_do_not_open_it() {
        for (int round = 0; round < 100; round++) {
            breaker.failed(breaker.enter());
            breaker.succeeded(breaker.enter());
            breaker.succeeded(breaker.enter());
        }
        assertThat(breaker.isClosed()).as("a third").isTrue();

        for (int round = 0; round < 100; round++) {
            ticker.advance(Duration.ofSeconds(7));
            breaker.failed(breaker.enter());
            breaker.succeeded(breaker.enter());
        }
        assertThat(breaker.isClosed()).as("18 calls a minute").isTrue();
    }
}
