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
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.SpanEvent;
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
import org.vivarium.api.view.metrics.WorkerRates;
import org.vivarium.api.view.worker.StateTime;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.metrics.windows.Durations;
import org.vivarium.core.metrics.windows.Recording;
import org.vivarium.core.metrics.windows.Window;

class MetricsTest {
    private static final int MOST_PROGRAMS = ServiceSettings.DEFAULT.integer(ServiceParameter.METRIC_PROGRAMS);
    private static final int MOST_ERROR_TYPES = ServiceSettings.DEFAULT.integer(ServiceParameter.METRIC_ERROR_TYPES);
    private static final int MOST_KEYS = ServiceSettings.DEFAULT.integer(ServiceParameter.METRIC_KEYS);

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

        numbers.pass(Duration.ofSeconds(52)); // 62 s old: 12 slices are 57 s
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
    void one_call_in_a_worker_with_8_slots_is_an_eighth_of_its_time() {
        numbers.ready = 1;
        numbers.slotsPerWorker = 8;
        numbers.pass(Duration.ofSeconds(40));
        numbers.runs("default-1", Duration.ofSeconds(40));

        assertThat(numbers.view(Window.ONE_MINUTE).window().calls().utilization())
                .isCloseTo(0.125, within(1e-9));
        assertThat(numbers.pool.worker("default-1", Window.ONE_MINUTE).window().utilization())
                .isCloseTo(0.125, within(1e-9));
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

        assertThat(programs).hasSize(MOST_PROGRAMS + 1);
        assertThat(programs.stream().mapToLong(ProgramMetrics::calls).sum()).isEqualTo(300);
        assertThat(programs).extracting(ProgramMetrics::program).contains(Metrics.OTHER);
        List<ErrorCount> kinds = numbers.pool.errors(Window.ONE_MINUTE).kinds();
        assertThat(kinds).hasSize(MOST_ERROR_TYPES + 1);
        assertThat(kinds.stream().collect(Collectors.summingLong(ErrorCount::count)))
                .isEqualTo(150);
        assertThat(kinds.get(0).type()).isEqualTo(Metrics.OTHER);
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
    void what_workers_did_in_the_window_is_what_their_counters_have_risen_by() {
        numbers.activity = activity(0, 0, 0, 0);
        numbers.pass(Duration.ofSeconds(60));
        numbers.activity = activity(30, 60, 10, 40);
        numbers.pass(Duration.ofSeconds(10));

        WorkerRates rates = numbers.view(Window.ONE_MINUTE).window().workers();
        double seconds = numbers.view(Window.ONE_MINUTE).window().calls().seconds();
        assertThat(rates.readyMillis()).isEqualTo(500);
        assertThat(rates.busyMillis()).isEqualTo(250);
        assertThat(rates.sentBytesPerSecond()).isCloseTo(1_000 / seconds, within(1e-9));
        assertThat(rates.receivedBytesPerSecond()).isCloseTo(2_000 / seconds, within(1e-9));
        numbers.pass(Duration.ofSeconds(70));
        assertThat(numbers.view(Window.ONE_MINUTE).window().workers().readyMillis())
                .isNaN();
    }

    @Test
    void time_in_a_state_never_falls_though_a_stay_that_ends_may_be_missing_for_a_moment() {
        numbers.activity = activity(30, 60, 10, 40);
        numbers.view(Window.ONE_MINUTE);
        numbers.activity = activity(29, 60, 11, 41);

        WorkerActivity seen = numbers.view(Window.ONE_MINUTE).now().activity();
        assertThat(seen.in(WorkerState.READY)).isEqualTo(new StateTime(WorkerState.READY, 30, 60));
        assertThat(seen.in(WorkerState.BUSY)).isEqualTo(new StateTime(WorkerState.BUSY, 11, 41));
    }

    private static WorkerActivity activity(double readySeconds, long ready, double busySeconds, long busy) {
        return new WorkerActivity(
                List.of(
                        new StateTime(WorkerState.READY, readySeconds, ready),
                        new StateTime(WorkerState.BUSY, busySeconds, busy)),
                List.of(),
                Map.of(),
                busy * 25,
                busy * 50);
    }

    @Test
    void of_the_calls_that_were_attempted_again_those_that_succeeded_are_resolved() {
        numbers.totals = totals(Map.of(Counter.RESOLVED, 3L, Counter.UNRESOLVED, 1L));
        assertThat(numbers.view(Window.ONE_MINUTE).window().resolvedRate()).isEqualTo(0.75);
        numbers.pass(Duration.ofSeconds(70));
        assertThat(numbers.view(Window.ONE_MINUTE).window().resolvedRate()).isNaN();
    }

    @Test
    void keys_that_run_are_counted_and_so_are_the_deadlines_that_have_passed_of_each() {
        numbers.runs("default-1", MILLI);
        assertThat(numbers.view(Window.ONE_MINUTE).now().keys()).isZero();
        numbers.runs("default-1", "p1");
        numbers.runs("default-2", "p1");
        numbers.runs("default-2", "p2");
        for (int key = 0; key < 60; key++) {
            numbers.timedOut("p" + key);
            numbers.timedOut("p0");
        }
        numbers.failed("default-1", ErrorCategory.TIMEOUT_ERROR, "CallTimeout");

        assertThat(numbers.view(Window.ONE_MINUTE).now().keys()).isEqualTo(2);
        Map<String, Long> timeouts = numbers.view(Window.ONE_MINUTE).now().keyTimeouts();
        assertThat(timeouts).hasSize(MOST_KEYS + 1).containsEntry("p0", 61L);
        assertThat(timeouts).containsEntry(Metrics.OTHER, 10L).doesNotContainKey("p55");
    }

    @Test
    void health_checks_have_durations_failed_ones_too() {
        checked(EventType.WORKER_HEALTH_CHECK_START, 0);
        checked(EventType.WORKER_HEALTH_CHECK_STOP, 3);
        checked(EventType.WORKER_HEALTH_CHECK_EXCEPTION, 5_000);
        checked(EventType.WORKER_INIT_STOP, 90_000);

        LatencyView seen = numbers.view(Window.ONE_MINUTE).window().healthCheck();
        assertThat(seen.samples()).isEqualTo(2);
        assertThat(seen.p50Millis()).isCloseTo(3, Percentage.withPercentage(1));
        assertThat(seen.maxMillis()).isCloseTo(5_000, Percentage.withPercentage(1));
    }

    private void checked(EventType type, long millis) {
        numbers.metrics.on(new SpanEvent(type, "default", "default-1", millis * 1_000_000, null));
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
    void how_many_programs_have_numbers_of_their_own_can_be_changed_and_those_that_have_some_keep_them() {
        numbers.ended("default-1", "a", MILLI, MILLI);
        numbers.ended("default-1", "b", MILLI, MILLI);
        numbers.service.change(Map.of("MetricPrograms", 1), new Actor("ada", "rest"));
        numbers.ended("default-1", "b", MILLI, MILLI);
        numbers.ended("default-1", "c", MILLI, MILLI);
        assertThat(numbers.view(Window.ONE_MINUTE).programs())
                .extracting(ProgramMetrics::program)
                .containsExactlyInAnyOrder("a", "b", Metrics.OTHER);

        numbers.service.change(Map.of("MetricPrograms", 10), new Actor("ada", "rest"));
        numbers.ended("default-1", "c", MILLI, MILLI);
        assertThat(numbers.view(Window.ONE_MINUTE).programs())
                .extracting(ProgramMetrics::program)
                .contains("c");
    }

    @Test
    void windows_keep_to_the_budget_and_the_oldest_of_programs_and_workers_goes_first_and_is_said_to_be_missing() {
        fillWindows(20, 3);
        numbers.pass(Duration.ofSeconds(10)); // no open slice is in use any more
        long complete = numbers.metrics.recorderBytes();
        double whole = program("p0").seconds();
        assertThat(numbers.metrics.windowsDropped()).isZero();

        numbers.metrics.rememberIn(complete * 3 / 4);

        numbers.metrics.refresh();
        assertThat(numbers.metrics.recorderBytes()).isLessThanOrEqualTo(complete * 3 / 4);
        assertThat(numbers.metrics.windowsDropped()).isPositive();
        CallStats left = program("p0");
        assertThat(left.seconds()).isBetween(55.0, whole - 5);
        assertThat(left.samples())
                .isLessThan(
                        numbers.view(Window.FIFTEEN_MINUTES).window().calls().samples() / 20);
        assertThat(left.throughputPerSecond()).isCloseTo(left.samples() / left.seconds(), within(1e-9));
        assertThat(numbers.pool.program("p0", Window.ONE_MINUTE).window().seconds())
                .isEqualTo(numbers.view(Window.ONE_MINUTE).window().calls().seconds());
        assertThat(numbers.view(Window.FIFTEEN_MINUTES).window().calls().seconds())
                .isEqualTo(whole);
    }

    @Test
    void when_a_minute_is_too_much_already_new_programs_are_counted_together() {
        fillWindows(5, 1);
        numbers.metrics.rememberIn(1_000);
        numbers.ended("default-1", "new", MILLI, MILLI);
        numbers.ended("default-9", "p0", MILLI, MILLI);

        assertThat(numbers.view(Window.ONE_MINUTE).programs())
                .extracting(ProgramMetrics::program)
                .contains(Metrics.OTHER, "p0")
                .doesNotContain("new");
        numbers.metrics.rememberIn(1L << 26);
        numbers.ended("default-1", "new", MILLI, MILLI);
        assertThat(numbers.view(Window.ONE_MINUTE).programs())
                .extracting(ProgramMetrics::program)
                .contains("new");
    }

    private void fillWindows(int programs, int minutes) {
        for (int slice = 0; slice < minutes * 12; slice++) {
            for (int program = 0; program < programs; program++) {
                numbers.ended("default-1", "p" + program, MILLI, Duration.ofMillis(1 + program));
            }
            numbers.pass(Duration.ofSeconds(5));
        }
    }

    private CallStats program(String name) {
        return numbers.pool.program(name, Window.FIFTEEN_MINUTES).window();
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
