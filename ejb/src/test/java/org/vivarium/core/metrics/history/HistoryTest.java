package org.vivarium.core.metrics.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.vivarium.core.metrics.PoolNumbers.START;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.vivarium.api.view.metrics.RangePoint;
import org.vivarium.core.metrics.PoolNumbers;
import org.vivarium.core.metrics.history.HistoryPoint.Queue;
import org.vivarium.core.metrics.history.HistoryPoint.Usage;
import org.vivarium.core.metrics.windows.Recording;
import org.vivarium.core.metrics.windows.TimeSlice;

class HistoryTest {
    private static final Duration SLOT = Duration.ofSeconds(5);
    private static final long ROOM = 64L << 20;

    @Test
    void a_range_is_made_of_steps_with_true_percentiles() {
        PoolNumbers numbers = new PoolNumbers();
        for (int second = 0; second < 120; second++) {
            numbers.ended("default-1", "echo", Duration.ofMillis(1), Duration.ofMillis(second < 60 ? 10 : 500));
            numbers.pass(Duration.ofSeconds(1));
        }
        numbers.pass(SLOT);

        List<RangePoint> minutes = numbers.pool
                .range(START, START.plusSeconds(120), Duration.ofMinutes(1))
                .points();

        assertThat(minutes).extracting(RangePoint::from).containsExactly(START, START.plusSeconds(60));
        assertThat(minutes).extracting(RangePoint::samples).containsExactly(60L, 60L);
        assertThat(minutes).extracting(RangePoint::seconds).containsOnly(60.0);
        assertThat(minutes).extracting(RangePoint::ready).containsOnly(2.0);
        assertThat(minutes.get(0).execution().p99Millis()).isCloseTo(10, within(0.1));
        assertThat(minutes.get(1).execution().p50Millis()).isCloseTo(500, within(5.0));
        assertThat(numbers.pool.range(START, START.plusSeconds(120), SLOT).points())
                .hasSize(24);
    }

    @Test
    void a_call_that_runs_is_busy_time_in_the_slots_that_end_meanwhile() {
        PoolNumbers numbers = new PoolNumbers();
        numbers.pass(Duration.ofSeconds(9));
        numbers.runs("default-1", Duration.ofMillis(7_500)); // since 2.5 s, as seen at 10 s
        numbers.pass(Duration.ofSeconds(1));

        List<RangePoint> points =
                numbers.pool.range(START, START.plusSeconds(10), SLOT).points();

        assertThat(points.get(points.size() - 1).utilization()).isCloseTo(0.5, within(1e-9));
    }

    @Test
    void detail_becomes_coarser_with_age_and_nothing_is_told_twice() {
        History history = new History(ROOM);
        history.keep(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(30));
        int slots = 2 * 17_280; // two days
        for (int slot = 0; slot < slots; slot++) {
            history.add(point(slot));
        }
        Instant end = START.plus(SLOT.multipliedBy(slots));

        List<RangePoint> all = history.range(START, end, Duration.ofMinutes(15));

        assertThat(all).hasSize(2 * 96);
        assertThat(all.stream().mapToLong(RangePoint::samples).sum()).isEqualTo(slots);
        assertThat(all).extracting(RangePoint::seconds).containsOnly(900.0);
        assertThat(history.range(end.minusSeconds(3_500), end, SLOT)).hasSize(700);
        assertThat(history.range(end.minusSeconds(80_000), end.minusSeconds(4_000), Duration.ofMinutes(1)))
                .hasSizeBetween(1_260, 1_270)
                .allSatisfy(point -> assertThat(point.samples()).isEqualTo(12));
        assertThat(history.dropped()).isZero();
    }

    @Test
    void how_far_it_goes_back_can_be_changed_in_each_detail_at_any_time() {
        History history = new History(ROOM);
        history.keep(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(30));
        for (int slot = 0; slot < 2 * 720; slot++) {
            history.add(point(slot)); // two hours
        }
        Instant end = START.plus(SLOT.multipliedBy(2 * 720));
        long before = history.bytes();

        history.keep(Duration.ofMinutes(1), Duration.ofMinutes(30), Duration.ofHours(1));

        assertThat(history.bytes()).isLessThan(before / 5);
        assertThat(history.range(end.minusSeconds(600), end, SLOT)).hasSize(9 + 12); // minutes, then slots
        assertThat(history.range(START, end, Duration.ofMinutes(15))).hasSize(4);
        assertThat(history.dropped()).as("nothing went before its time").isZero();
    }

    @Test
    void when_memory_is_short_the_oldest_of_the_finest_detail_goes_first_and_is_counted() {
        History history = new History(100L * point(0).bytes());
        for (int slot = 0; slot < 720; slot++) {
            history.add(point(slot));
        }

        assertThat(history.bytes()).isLessThanOrEqualTo(100L * point(0).bytes());
        assertThat(history.dropped()).isPositive();
        List<RangePoint> minutes = history.range(START, START.plusSeconds(3_600), Duration.ofMinutes(1));
        assertThat(minutes).hasSizeGreaterThanOrEqualTo(59);
        assertThat(minutes.stream().mapToLong(RangePoint::samples).sum()).isGreaterThan(700);
    }

    @Test
    void a_bound_that_is_lowered_holds_at_once_and_coarse_detail_goes_last() {
        PoolNumbers numbers = new PoolNumbers();
        for (int minute = 0; minute < 40; minute++) {
            numbers.ended("default-1", "echo", Duration.ofMillis(1), Duration.ofMillis(10));
            numbers.pass(Duration.ofMinutes(1));
        }
        long before = numbers.metrics.historyBytes();
        assertThat(numbers.metrics.historyDropped()).isZero();

        long budget = numbers.metrics.recorderBytes() + before / 10;
        numbers.metrics.rememberIn(budget);

        assertThat(numbers.metrics.historyBytes()).isBetween(1L, before / 10);
        assertThat(numbers.metrics.maximumBytes()).isEqualTo(budget);
        assertThat(numbers.metrics.historyDropped()).isPositive();
        assertThat(numbers.pool.range(START, START.plusSeconds(2_400), Duration.ofMinutes(15)).points().stream()
                        .mapToLong(RangePoint::samples)
                        .sum())
                .isGreaterThanOrEqualTo(30); // what was in the two quarters of an hour that are complete
    }

    @Test
    void windows_that_need_more_room_take_it_from_history() {
        PoolNumbers numbers = new PoolNumbers();
        for (int minute = 0; minute < 20; minute++) {
            numbers.ended("default-1", "echo", Duration.ofMillis(1), Duration.ofMillis(10));
            numbers.pass(Duration.ofMinutes(1));
        }
        long budget = numbers.metrics.recorderBytes() + numbers.metrics.historyBytes();
        numbers.metrics.rememberIn(budget);
        assertThat(numbers.metrics.historyDropped()).isZero();

        for (int program = 0; program < 20; program++) {
            numbers.ended("default-1", "program-" + program, Duration.ofMillis(1), Duration.ofMillis(10));
        }
        numbers.metrics.refresh();

        assertThat(numbers.metrics.recorderBytes() + numbers.metrics.historyBytes())
                .isLessThanOrEqualTo(Math.max(budget, numbers.metrics.recorderBytes()));
        assertThat(numbers.metrics.historyDropped()).isPositive();
    }

    @Test
    void slots_that_nobody_saw_are_missing_and_spoil_nothing() {
        History history = new History(ROOM);
        history.add(point(3));
        history.add(point(100));
        history.add(point(107));

        List<RangePoint> seen = history.range(START, START.plusSeconds(600), SLOT);

        assertThat(seen).extracting(RangePoint::from).contains(START.plusSeconds(500), START.plusSeconds(535));
        assertThat(seen.stream().mapToLong(RangePoint::samples).sum()).isEqualTo(3);
    }

    @Test
    void a_range_that_makes_no_sense_is_refused_in_one_sentence() {
        History history = new History(ROOM);

        assertThatThrownBy(() -> history.range(START, START.plusSeconds(60), Duration.ofSeconds(4)))
                .hasMessage("step must be at least 5s, was 4000 ms");
        assertThatThrownBy(() -> history.range(START, START, SLOT)).hasMessageStartingWith("from must be before to");
        assertThatThrownBy(() -> history.range(START, START.plus(Duration.ofDays(1)), SLOT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("a range has at most 2000 steps, this would have 17280; take a longer step");
    }

    private static HistoryPoint point(long slot) {
        Recording one = new Recording();
        one.add(1_000_000);
        TimeSlice calls = new TimeSlice(1, Map.of(), one.look(), one.look(), one.look(), Map.of());
        return new HistoryPoint(
                slot,
                1,
                START.plus(SLOT.multipliedBy(slot)),
                calls,
                new Usage(SLOT.toNanos(), 4 * SLOT.toNanos(), 2 * SLOT.toNanos()),
                new Queue(0, 0));
    }
}
