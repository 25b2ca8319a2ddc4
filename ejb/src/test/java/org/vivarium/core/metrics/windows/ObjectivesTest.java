package org.vivarium.core.metrics.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.ObjectiveLevel;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.ObjectiveLevelChanged;
import org.vivarium.api.view.objectives.ObjectiveSummary;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.core.config.Objective;
import org.vivarium.core.config.ObjectiveTarget;
import org.vivarium.core.metrics.PoolNumbers;
import org.vivarium.core.metrics.objectives.ObjectiveOutcome;

class ObjectivesTest {
    private static final Duration MILLI = Duration.ofMillis(1);

    private final PoolNumbers numbers = new PoolNumbers(List.of(
            new Objective("*", Map.of(ObjectiveTarget.DURATION, 1_000.0, ObjectiveTarget.AVAILABILITY, 0.999)),
            new Objective("echo", Map.of(ObjectiveTarget.SUCCESS_RATIO, 0.8)),
            new Objective("prep*", Map.of(ObjectiveTarget.DURATION, 100.0, ObjectiveTarget.QUANTILE, 0.5))));

    private ObjectiveView seen(String objective, String indicator) {
        numbers.metrics.refresh();
        return numbers.pool.objectives().targets().stream()
                .filter(view ->
                        view.objective().equals(objective) && view.indicator().equals(indicator))
                .findFirst()
                .orElseThrow();
    }

    private void echoes(int times, Duration execution) {
        for (int i = 0; i < times; i++) {
            numbers.ended("default-1", "echo", MILLI, execution);
        }
    }

    @Test
    void without_calls_there_is_no_data_and_nothing_to_tell() {
        numbers.pass(Duration.ofSeconds(20));

        ObjectiveView none = seen("*", "duration");
        assertThat(none.level()).isEqualTo(ObjectiveLevel.NO_DATA);
        assertThat(List.of(none.value(), none.used(), none.budgetLeft(), none.burnRate5m(), none.burnRate1h()))
                .containsOnly(Double.NaN);
        assertThat(numbers.pool.objectives().worst()).isEqualTo(ObjectiveSummary.NONE);
        assertThat(numbers.published).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"700, OK", "790, WARNING", "980, WARNING", "1010, CRITICAL", "5000, CRITICAL"})
    void a_duration_is_judged_by_its_quantile_of_five_minutes(int millis, ObjectiveLevel level) {
        echoes(90, Duration.ofMillis(10));
        echoes(10, Duration.ofMillis(millis)); // so the 95th percentile is one of these

        ObjectiveView seen = seen("*", "duration");
        assertThat(seen.value()).isCloseTo((double) millis, Percentage.withPercentage(2));
        assertThat(seen.used()).isCloseTo(seen.value() / 1_000, within(1e-9));
        assertThat(seen.level()).isEqualTo(level);
        assertThat(seen.quantile()).isEqualTo(0.95);
        assertThat(seen.samples()).isEqualTo(100);

        numbers.pass(Duration.ofMinutes(5).plusSeconds(5));
        assertThat(seen("*", "duration").level()).isEqualTo(ObjectiveLevel.NO_DATA);
    }

    @Test
    void an_objective_is_about_the_programs_whose_names_fit() {
        numbers.ended("default-1", "prepare", MILLI, Duration.ofMillis(10));
        numbers.ended("default-1", "prep", MILLI, Duration.ofMillis(10));
        numbers.ended("default-1", "echo", MILLI, Duration.ofMillis(10));
        numbers.ended("default-1", "reprep", MILLI, Duration.ofMillis(10));

        assertThat(seen("prep*", "duration").samples()).isEqualTo(2);
        assertThat(seen("echo", "success-ratio").samples()).isEqualTo(1);
        assertThat(seen("*", "availability").samples()).isEqualTo(4);
    }

    @Test
    void programs_beyond_the_first_hundred_are_judged_as_well() {
        for (int i = 0; i < 150; i++) {
            numbers.ended("default-1", "p" + i, MILLI, MILLI);
        }
        numbers.ended("default-1", "prep", MILLI, MILLI);

        assertThat(seen("prep*", "duration").samples()).isEqualTo(1);
    }

    @Test
    void a_success_ratio_is_judged_by_how_fast_the_last_hour_used_up_what_may_fail() {
        echoes(90, MILLI);
        fail(10, "ValueError");
        ObjectiveView half = seen("echo", "success-ratio");
        assertThat(half.value()).isEqualTo(0.9);
        assertThat(half.used()).isEqualTo(0.5);
        assertThat(half.budgetLeft()).isEqualTo(0.5);
        assertThat(half.level()).isEqualTo(ObjectiveLevel.OK);

        fail(10, "ValueError"); // 20 of 110
        assertThat(seen("echo", "success-ratio").level()).isEqualTo(ObjectiveLevel.WARNING);
        fail(3, "ValueError"); // 23 of 113
        assertThat(seen("echo", "success-ratio").level()).isEqualTo(ObjectiveLevel.CRITICAL);

        numbers.pass(Duration.ofMinutes(6));
        assertThat(seen("echo", "success-ratio").burnRate5m()).isNaN();
        assertThat(seen("echo", "success-ratio").burnRate1h()).isGreaterThan(1);
        numbers.pass(Duration.ofMinutes(55));
        assertThat(seen("echo", "success-ratio").level()).isEqualTo(ObjectiveLevel.NO_DATA);
        assertThat(seen("echo", "success-ratio").budgetLeft()).isNegative();
    }

    private void fail(int times, String type) {
        for (int i = 0; i < times; i++) {
            numbers.failed("default-1", ErrorCategory.PROGRAM_ERROR, type);
        }
    }

    @Test
    void a_budget_is_forgotten_after_a_day_even_if_nobody_looked() {
        fail(5, "ValueError");
        assertThat(seen("echo", "success-ratio").budgetLeft()).isEqualTo(-4);

        numbers.ticker.advance(Duration.ofHours(23));
        echoes(1, MILLI);
        assertThat(seen("echo", "success-ratio").budgetLeft()).isLessThan(0);
        numbers.ticker.advance(Duration.ofHours(1).plusMinutes(1));
        assertThat(seen("echo", "success-ratio").budgetLeft()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "TIMEOUT_ERROR, CheckoutTimeout, false, UNAVAILABLE",
        "TIMEOUT_ERROR, CallTimeout, true, FAILED",
        "TIMEOUT_ERROR, SessionBusy, false, FAILED",
        "RESOURCE_ERROR, QueueFull, false, UNAVAILABLE",
        "RESOURCE_ERROR, PoolDrained, false, UNAVAILABLE",
        "RESOURCE_ERROR, BreakerOpen, false, FAILED",
        "RESOURCE_ERROR, MemoryError, true, FAILED",
        "COMMUNICATION_ERROR, WorkerLost, true, UNAVAILABLE",
        "PROTOCOL_ERROR, MalformedFrame, true, UNAVAILABLE",
        "SYSTEM_ERROR, InternalError, true, UNAVAILABLE",
        "SYSTEM_ERROR, Cancelled, true, NOT_COUNTED",
        "SYSTEM_ERROR, Interrupted, false, NOT_COUNTED",
        "PROGRAM_ERROR, ValueError, true, FAILED",
        "SESSION_ERROR, BoundWorkerBusy, false, FAILED",
        "VALIDATION_ERROR, UnknownProgram, false, NOT_COUNTED",
    })
    void whose_fault_a_failure_is_follows_from_category_type_and_whether_a_worker_had_the_call(
            ErrorCategory category, String type, boolean reachedWorker, ObjectiveOutcome outcome) {
        CallEnded call = new CallEnded("p", reachedWorker ? "p-1" : null, "echo", 1, 1, category, type);

        assertThat(ObjectiveOutcome.of(call)).isEqualTo(outcome);
    }

    @Test
    void availability_counts_our_faults_alone() {
        echoes(998, MILLI);
        fail(1, "ValueError");
        numbers.failed(null, ErrorCategory.RESOURCE_ERROR, "QueueFull");
        numbers.failed("default-1", ErrorCategory.SYSTEM_ERROR, "Cancelled");

        ObjectiveView seen = seen("*", "availability");
        assertThat(seen.samples()).isEqualTo(1_000);
        assertThat(seen.value()).isEqualTo(0.999);
        assertThat(seen.used()).isEqualTo(1);
        assertThat(seen.level()).isEqualTo(ObjectiveLevel.CRITICAL);
        assertThat(seen.budgetLeft()).isZero();
    }

    @Test
    void a_call_that_timed_out_counts_as_slow_and_one_that_failed_at_once_as_nothing() {
        numbers.metrics.on(new CallEnded(
                "default", "default-1", "echo", 1, 3_000_000_000L, ErrorCategory.TIMEOUT_ERROR, "CallTimeout"));
        fail(9, "ValueError");

        assertThat(seen("*", "duration").samples()).isEqualTo(1);
        assertThat(seen("*", "duration").burnRate5m()).isEqualTo(20);
    }

    @Test
    void a_level_that_changes_is_told_once() {
        echoes(10, MILLI);
        numbers.pass(Duration.ofSeconds(3));
        echoes(10, Duration.ofMillis(1_500));
        numbers.pass(Duration.ofSeconds(3));

        assertThat(numbers.published)
                .filteredOn(event -> ((ObjectiveLevelChanged) event).indicator().equals("duration"))
                .map(event -> (ObjectiveLevelChanged) event)
                .extracting(event -> event.objective() + ' ' + event.from() + ' ' + event.to() + ' ' + event.target())
                .containsExactly("* NO_DATA OK 1000.0", "* OK CRITICAL 1000.0");
        assertThat(numbers.pool.objectives().worst().level()).isEqualTo(ObjectiveLevel.CRITICAL);
        assertThat(numbers.view(Window.ONE_MINUTE).now().objectives())
                .isEqualTo(numbers.pool.objectives().worst());
    }

    @Test
    void a_target_that_is_changed_judges_from_the_next_snapshot_on() {
        echoes(10, Duration.ofMillis(1_500));
        assertThat(seen("*", "duration").level()).isEqualTo(ObjectiveLevel.CRITICAL);

        numbers.objectives.change(Map.of("*.DurationMillis", 10_000), Actor.SERVICE);

        assertThat(seen("*", "duration").level()).isEqualTo(ObjectiveLevel.OK);
        assertThat(seen("*", "duration").budgetLeft()).isNegative(); // they were slow when they ended
        assertThat(numbers.pool.objectives().targets()).hasSize(4);
    }

    @Test
    void the_health_score_knows_the_duration_that_the_whole_pool_promises() {
        numbers.pass(Duration.ofSeconds(10));
        echoes(10, Duration.ofSeconds(4));

        assertThat(numbers.view(Window.ONE_MINUTE).now().health().latencyTerm()).isCloseTo(0.25, within(0.01));
    }

    @Test
    void the_memory_of_the_recorder_is_told_and_bounded() {
        numbers.metrics.refresh();
        long before = numbers.metrics.recorderBytes();
        echoes(100, MILLI);

        assertThat(before).isBetween(3L * 28_000, 300_000L); // three objectives
        assertThat(numbers.metrics.recorderBytes()).isBetween(before + 3 * 20_000, before + 1_000_000);
        numbers.pass(Duration.ofMinutes(1)); // then open slots need no histograms any more
        assertThat(numbers.metrics.recorderBytes()).isBetween(before + 100, before + 20_000);
    }
}
