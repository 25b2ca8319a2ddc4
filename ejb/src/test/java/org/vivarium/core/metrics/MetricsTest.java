package org.vivarium.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.WorkerRecovered;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolTotals.Counter;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.ErrorCount;
import org.vivarium.api.view.metrics.LatencyView;
import org.vivarium.api.view.metrics.PoolWindow;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.core.metrics.windows.Durations;
import org.vivarium.core.metrics.windows.Recording;
import org.vivarium.core.metrics.windows.Window;

class MetricsTest {
    private static final Duration MILLI = Duration.ofMillis(1);

    private final PoolNumbers numbers = new PoolNumbers();

    @Test
    void a_window_without_calls_is_no_data() {
        CallStats none = numbers.view(Window.ONE_MINUTE).window().calls();

        assertThat(none.samples()).isZero();
        assertThat(List.of(none.errorRate(), none.total().p99Millis(), none.throughputPerSecond()))
                .containsOnly(Double.NaN);
    }

    @Test
    void each_window_forgets_a_call_when_its_time_is_over() {
        numbers.ended("default-1", "echo", MILLI, MILLI);
        numbers.pass(Duration.ofSeconds(59));
        assertSamples(1, 1, 1);
        numbers.pass(Duration.ofSeconds(1));
        assertSamples(0, 1, 1);
        numbers.pass(Duration.ofSeconds(239));
        assertSamples(0, 1, 1);
        numbers.pass(Duration.ofSeconds(1));
        assertSamples(0, 0, 1);
        numbers.pass(Duration.ofSeconds(599));
        assertSamples(0, 0, 1);
        numbers.pass(Duration.ofSeconds(1));
        assertSamples(0, 0, 0);
    }

    private void assertSamples(long minute, long five, long fifteen) {
        assertThat(List.of(
                        numbers.view(Window.ONE_MINUTE).window().calls().samples(),
                        numbers.view(Window.FIVE_MINUTES).window().calls().samples(),
                        numbers.view(Window.FIFTEEN_MINUTES).window().calls().samples()))
                .containsExactly(minute, five, fifteen);
    }

    @Test
    void a_clock_that_jumps_over_hours_forgets_everything_at_once() {
        numbers.ended("default-1", "echo", MILLI, MILLI);
        numbers.ticker.advance(Duration.ofHours(30));

        assertSamples(0, 0, 0);
        numbers.ended("default-1", "echo", MILLI, MILLI);
        assertSamples(1, 1, 1);
    }

    @Property(tries = 60)
    void a_pool_is_the_merge_of_its_workers_and_of_calls_that_reached_none(
            @ForAll @Size(max = 200) List<@IntRange(max = 1_000_000) Integer> micros) {
        PoolNumbers pool = new PoolNumbers();
        List<Durations> totals = new ArrayList<>();
        for (int micro : micros) {
            String worker = micro % 4 == 0 ? null : "default-" + micro % 4;
            Duration execution = worker == null ? Duration.ZERO : Duration.ofNanos(micro * 777L);
            pool.ended(worker, "p" + micro % 3, Duration.ofNanos(micro * 1_000L), execution);
            Recording one = new Recording();
            one.add(micro * 1_000L + execution.toNanos());
            totals.add(one.look());
            pool.ticker.advance(Duration.ofMillis(micro % 900));
        }

        CallStats seen = pool.view(Window.FIFTEEN_MINUTES).window().calls();
        long ofWorkers = List.of("default-1", "default-2", "default-3").stream()
                .mapToLong(worker -> pool.pool
                        .worker(worker, Window.FIFTEEN_MINUTES)
                        .window()
                        .samples())
                .sum();
        long unserved = micros.stream().filter(micro -> micro % 4 == 0).count();

        assertThat(seen.total()).isEqualTo(Durations.view(totals));
        assertThat(seen.samples()).isEqualTo(ofWorkers + unserved);
        assertThat(seen.execution().samples()).isEqualTo(ofWorkers);
        assertThat(pool.pool.view(Window.FIFTEEN_MINUTES).programs().stream()
                        .mapToLong(program -> program.window().samples())
                        .sum())
                .isEqualTo(micros.size());
    }

    @Test
    void rates_are_by_what_the_window_has_really_covered() {
        numbers.pass(Duration.ofSeconds(10));
        for (int i = 0; i < 30; i++) {
            numbers.ended("default-1", "echo", MILLI, MILLI);
        }
        CallStats young = numbers.view(Window.ONE_MINUTE).window().calls();
        assertThat(young.seconds()).isEqualTo(10);
        assertThat(young.throughputPerSecond()).isEqualTo(3);

        numbers.pass(Duration.ofSeconds(52)); // 62 s old: 12 slots are 57 s
        CallStats old = numbers.view(Window.ONE_MINUTE).window().calls();
        assertThat(old.seconds()).isEqualTo(57);
        assertThat(old.throughputPerSecond()).isCloseTo(30 / 57.0, within(1e-9));
    }

    @Test
    void utilization_is_the_part_of_the_time_of_all_slots_in_which_calls_went_on() {
        numbers.pass(Duration.ofSeconds(20));
        numbers.ended("default-1", "sleep", MILLI, Duration.ofSeconds(10));

        assertThat(numbers.view(Window.ONE_MINUTE).window().calls().utilization())
                .isCloseTo(0.25, within(1e-9));
        assertThat(numbers.pool.worker("default-1", Window.ONE_MINUTE).window().utilization())
                .isCloseTo(0.5, within(1e-9));
    }

    @Test
    void a_long_call_counts_for_the_slots_in_which_it_went_on_and_no_more() {
        numbers.pass(Duration.ofMinutes(4));
        numbers.ended("default-1", "sleep", MILLI, Duration.ofMinutes(3));

        assertThat(numbers.view(Window.ONE_MINUTE).window().calls().utilization())
                .isCloseTo(0.5, within(1e-9));
        assertThat(numbers.view(Window.FIVE_MINUTES).window().calls().utilization())
                .isCloseTo(3 / 8.0, within(1e-9));
    }

    @Test
    void a_call_that_hangs_shows_before_it_has_ended() {
        numbers.pass(Duration.ofSeconds(40));
        numbers.runs("default-1", Duration.ofSeconds(30));

        assertThat(numbers.view(Window.ONE_MINUTE).now().oldestCallMillis()).isEqualTo(30_000);
        assertThat(numbers.view(Window.ONE_MINUTE).now().running()).isEqualTo(1);
        assertThat(numbers.view(Window.ONE_MINUTE).window().calls().utilization())
                .isCloseTo(30 / 80.0, within(1e-9));
        assertThat(numbers.view(Window.ONE_MINUTE).window().calls().samples()).isZero();
    }

    @Test
    void without_a_ready_worker_there_is_no_utilization() {
        numbers.ready = 0;
        numbers.pass(Duration.ofSeconds(70));

        assertThat(numbers.view(Window.ONE_MINUTE).window().calls().utilization())
                .isNaN();
        assertThat(numbers.view(Window.ONE_MINUTE).now().health().score()).isZero();
    }

    @Test
    void errors_are_counted_by_category_and_type_and_to_be_cancelled_is_none() {
        numbers.ended("default-1", "echo", MILLI, MILLI);
        numbers.failed("default-1", ErrorCategory.PROGRAM_ERROR, "ValueError");
        numbers.failed("default-1", ErrorCategory.PROGRAM_ERROR, "ValueError");
        numbers.failed(null, ErrorCategory.TIMEOUT_ERROR, "CheckoutTimeout");
        numbers.failed("default-1", ErrorCategory.SYSTEM_ERROR, "Cancelled");
        numbers.pass(Duration.ofSeconds(7));

        assertThat(numbers.pool.errors(Window.ONE_MINUTE).errorRate()).isEqualTo(3 / 5.0);
        assertThat(numbers.pool.errors(Window.ONE_MINUTE).kinds())
                .extracting(kind -> kind.category() + ' ' + kind.type() + ' ' + kind.count() + ' ' + kind.error())
                .containsExactly(
                        "program_error ValueError 2 true",
                        "system_error Cancelled 1 false",
                        "timeout_error CheckoutTimeout 1 true");
    }

    @Test
    void labels_are_bounded_and_nothing_is_lost_beyond_the_bound() {
        for (int i = 0; i < 150; i++) {
            numbers.ended("default-1", "p" + i, MILLI, MILLI);
            numbers.failed("default-1", ErrorCategory.PROGRAM_ERROR, "E" + i);
        }
        List<ProgramMetrics> programs = numbers.view(Window.ONE_MINUTE).programs();

        assertThat(programs).hasSize(PoolRecorder.MOST_PROGRAMS + 1);
        assertThat(programs.stream().mapToLong(ProgramMetrics::calls).sum()).isEqualTo(300);
        assertThat(programs).extracting(ProgramMetrics::program).contains(PoolRecorder.OTHER);
        List<ErrorCount> kinds = numbers.pool.errors(Window.ONE_MINUTE).kinds();
        assertThat(kinds).hasSize(PoolRecorder.MOST_ERROR_KINDS + 1);
        assertThat(kinds.stream().collect(Collectors.summingLong(ErrorCount::count)))
                .isEqualTo(150);
        assertThat(kinds.get(0).type()).isEqualTo(PoolRecorder.OTHER);
    }

    @Test
    void retries_rejections_and_affinity_are_what_the_counters_have_risen_by_in_the_window() {
        numbers.totals = totals(Map.of(Counter.CALLS, 10L, Counter.REJECTED, 30L, Counter.RETRIES, 60L));
        numbers.sessions = new SessionTotals(1, 1, 0, 90, 10, 0, 0, 0, 0, 0, 100);
        numbers.pass(Duration.ofSeconds(20));
        assertThat(numbers.view(Window.ONE_MINUTE).window().retriesPerSecond()).isEqualTo(3);
        assertThat(numbers.view(Window.ONE_MINUTE).window().rejectedPerSecond()).isEqualTo(1.5);
        assertThat(numbers.view(Window.ONE_MINUTE).window().affinityHitRate()).isEqualTo(0.9);

        numbers.pass(Duration.ofSeconds(70));
        assertThat(numbers.view(Window.ONE_MINUTE).window().retriesPerSecond()).isZero();
        assertThat(numbers.view(Window.ONE_MINUTE).window().affinityHitRate()).isNaN();
    }

    @Test
    void start_times_come_from_workers_that_became_ready() {
        numbers.metrics.on(new WorkerTransitioned(
                "default", "default-1", WorkerState.INITIALIZING, WorkerState.READY, "HANDSHAKE_OK", 20_000_000));
        numbers.metrics.on(new WorkerTransitioned(
                "default", "default-1", WorkerState.READY, WorkerState.DRAINING, "RECYCLED", 90_000_000));

        assertThat(numbers.view(Window.ONE_MINUTE).window().start().samples()).isEqualTo(1);
        assertThat(numbers.view(Window.ONE_MINUTE).window().start().maxMillis())
                .isCloseTo(20, Percentage.withPercentage(1));
    }

    @Test
    void how_long_workers_stay_in_a_state_is_known_when_they_leave_it() {
        moved(WorkerState.DEGRADED, WorkerState.READY, 30);
        moved(WorkerState.DEGRADED, WorkerState.DRAINING, 10);
        moved(WorkerState.DRAINING, WorkerState.TERMINATING, 500);
        moved(WorkerState.TERMINATING, WorkerState.TERMINATED, 70);
        moved(WorkerState.READY, WorkerState.DEGRADED, 9_000);
        numbers.metrics.on(new WorkerRecovered("default", "default-2", 40_000_000));
        numbers.pass(Duration.ofSeconds(7));

        PoolWindow seen = numbers.view(Window.ONE_MINUTE).window();
        assertThat(List.of(seen.degraded(), seen.draining(), seen.terminating(), seen.recovery()))
                .extracting(LatencyView::samples)
                .containsExactly(2L, 1L, 1L, 1L);
        assertThat(seen.degraded().maxMillis()).isCloseTo(30, Percentage.withPercentage(1));
        assertThat(seen.draining().p50Millis()).isCloseTo(500, Percentage.withPercentage(1));
        assertThat(seen.terminating().p50Millis()).isCloseTo(70, Percentage.withPercentage(1));
        assertThat(seen.recovery().p50Millis()).isCloseTo(40, Percentage.withPercentage(1));
        assertThat(seen.start().samples()).isZero();
    }

    private void moved(WorkerState from, WorkerState to, long millis) {
        numbers.metrics.on(new WorkerTransitioned("default", "default-1", from, to, "TEST", millis * 1_000_000));
    }

    @Test
    void a_snapshot_is_kept_until_the_next_is_taken() {
        assertThat(numbers.view(Window.ONE_MINUTE).window().calls().samples()).isZero();
        numbers.ended("default-1", "echo", MILLI, MILLI);

        assertThat(numbers.pool.view(Window.ONE_MINUTE).window().calls().samples())
                .isZero();
        numbers.metrics.refresh();
        assertThat(numbers.pool.view(Window.ONE_MINUTE).window().calls().samples())
                .isEqualTo(1);
    }

    @Test
    void lost_events_are_shown_and_reset_touches_only_the_totals_of_operators() {
        numbers.dropped = 7;
        numbers.totals = totals(Map.of(
                Counter.CALLS,
                10L,
                Counter.ERRORS,
                2L,
                Counter.CANCELLED,
                1L,
                Counter.TIMEOUTS,
                1L,
                Counter.STARTED,
                3L,
                Counter.DIED,
                1L,
                Counter.RECOVERIES,
                1L));
        assertThat(numbers.view(Window.ONE_MINUTE).now().telemetryDropped()).isEqualTo(7);

        numbers.pool.reset();
        numbers.totals = totals(Map.of(
                Counter.CALLS,
                15L,
                Counter.ERRORS,
                3L,
                Counter.CANCELLED,
                2L,
                Counter.TIMEOUTS,
                1L,
                Counter.STARTED,
                3L,
                Counter.DIED,
                1L,
                Counter.RECOVERIES,
                3L));

        assertThat(numbers.view(Window.ONE_MINUTE).now().status().totals().calls())
                .isEqualTo(15);
        assertThat(numbers.pool
                        .sinceReset(numbers.view(Window.ONE_MINUTE).now().status())
                        .totals())
                .isEqualTo(totals(
                        Map.of(Counter.CALLS, 5L, Counter.ERRORS, 1L, Counter.CANCELLED, 1L, Counter.RECOVERIES, 2L)));
    }

    @Test
    void an_unknown_window_is_refused_in_one_sentence() {
        assertThatThrownBy(() -> Window.of("2m"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("window must be one of 1m, 5m, 15m, was \"2m\"");
    }

    @Test
    void events_of_unknown_pools_are_none_of_its_business() {
        numbers.metrics.on(new WorkerTransitioned(
                "other", "other-1", WorkerState.INITIALIZING, WorkerState.READY, "HANDSHAKE_OK", 1));

        assertThat(numbers.metrics.pool("other")).isNull();
    }

    private static PoolTotals totals(Map<Counter, Long> counted) {
        return PoolTotals.counted(counter -> counted.getOrDefault(counter, 0L));
    }
}
