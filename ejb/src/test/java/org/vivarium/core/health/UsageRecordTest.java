package org.vivarium.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.core.config.PoolParameter.MAXIMUM_MEMORY_GROWTH;
import static org.vivarium.core.config.PoolParameter.SOFT_MEMORY_MEGABYTES;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.process.ProcessLimits;
import org.vivarium.core.process.procfs.ProcessSample;

/** What follows from what a worker was seen to use. */
class UsageRecordTest {
    private static final PoolSettings SOFT_100 = PoolSettings.DEFAULT.with(Map.of(SOFT_MEMORY_MEGABYTES, 100L));
    private static final PoolSettings GROWTH_50 = PoolSettings.DEFAULT.with(Map.of(MAXIMUM_MEMORY_GROWTH, 50L));

    private final UsageRecord record = new UsageRecord(0, () -> 0.5);

    @ParameterizedTest
    @CsvSource({"0.0, 95, 96", "0.5, 100, 101", "0.999999, 104, 105"})
    void the_soft_limit_differs_by_at_most_five_percent(double random, int kept, int replaced) {
        assertThat(new UsageRecord(0, () -> random).outgrown(idle(0, kept), SOFT_100))
                .isNull();
        assertThat(new UsageRecord(0, () -> random).outgrown(idle(0, replaced), SOFT_100))
                .contains(replaced + " MiB resident", "SoftMemoryMegabytes = 100");
    }

    @Test
    void a_worker_is_told_to_be_too_large_once() {
        assertThat(record.outgrown(idle(0, 200), SOFT_100)).isNotNull();
        assertThat(record.outgrown(idle(1, 210), SOFT_100)).isNull();
    }

    @Test
    void without_limits_nothing_is_too_much() {
        assertThat(record.outgrown(idle(100, 1_000_000), PoolSettings.DEFAULT)).isNull();
        assertThat(record.breach(idle(100, 1_000_000), ProcessLimits.NONE)).isNull();
    }

    @Test
    void growth_is_over_what_it_had_after_twenty_calls() {
        assertThat(record.outgrown(idle(0, 10), GROWTH_50)).isNull();
        assertThat(record.outgrown(idle(20, 40), GROWTH_50)).isNull();
        assertThat(record.outgrown(idle(21, 60), GROWTH_50)).isNull();
        assertThat(record.outgrown(idle(22, 61), GROWTH_50))
                .isEqualTo("61 MiB resident after a baseline of 40, MaximumMemoryGrowthPercent = 50");
    }

    @Test
    void growth_is_over_what_it_had_after_a_minute_if_calls_are_rare() {
        long minute = Duration.ofMinutes(1).toNanos();
        assertThat(record.outgrown(at(minute - 1, 1, false, 10, 0), GROWTH_50)).isNull();
        assertThat(record.outgrown(at(minute, 1, false, 40, 0), GROWTH_50)).isNull();
        assertThat(record.outgrown(at(minute + 1, 1, false, 61, 0), GROWTH_50)).isNotNull();
    }

    @Test
    void the_hard_limit_is_told_with_the_actual_value() {
        ProcessLimits limits = new ProcessLimits(100, 0);

        assertThat(record.breach(idle(0, 100), limits)).isNull();
        assertThat(record.breach(idle(0, 101), limits).inWords())
                .isEqualTo("101 MiB resident, HardMemoryMegabytes = 100");
    }

    @Test
    void only_what_one_and_the_same_call_used_counts() {
        ProcessLimits limits = new ProcessLimits(0, 1000);

        assertThat(record.breach(at(0, 5, true, 10, 9_000), limits)).isNull();
        assertThat(record.breach(at(1, 6, true, 10, 12_000), limits))
                .as("the next call")
                .isNull();
        assertThat(record.breach(at(2, 6, false, 10, 15_000), limits))
                .as("idle")
                .isNull();
        assertThat(record.breach(at(3, 6, true, 10, 18_000), limits))
                .as("busy again")
                .isNull();
        assertThat(record.breach(at(4, 6, true, 10, 19_500), limits))
                .as("may obey yet")
                .isNull();
        assertThat(record.breach(at(5, 6, true, 10, 19_501), limits).inWords())
                .isEqualTo("1501 ms of processor time used, CpuLimitMillis = 1000");
    }

    private static UsageRecord.Sample idle(long calls, long megabytes) {
        return at(calls, calls, false, megabytes, 0);
    }

    private static UsageRecord.Sample at(long nanos, long calls, boolean busy, long megabytes, long cpuMillis) {
        return new UsageRecord.Sample(
                nanos, calls, busy, new ProcessSample(1, 0, 1, 1, 'S', megabytes << 20, 0, cpuMillis, 1, 1));
    }
}
