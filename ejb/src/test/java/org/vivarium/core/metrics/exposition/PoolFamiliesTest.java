package org.vivarium.core.metrics.exposition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.WorkerState;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.api.view.worker.RecoveryCount;
import org.vivarium.api.view.worker.StateTime;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.core.config.Objective;
import org.vivarium.core.config.ObjectiveTarget;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.metrics.PoolNumbers;
import org.vivarium.core.metrics.windows.Window;

/** Reads the text by the published grammar of the format, strictly. */
class PoolFamiliesTest {
    private static final int MOST_PROGRAMS = ServiceSettings.DEFAULT.integer(ServiceParameter.METRIC_PROGRAMS);

    private static final Pattern HEAD = Pattern.compile("# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)");
    private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? (\\S+)");
    private static final Pattern LABEL =
            Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(,|$)");

    private final PoolNumbers numbers = new PoolNumbers();
    private final Map<String, Double> samples = new TreeMap<>();
    private final Map<String, String> types = new TreeMap<>();
    private final Map<String, String> helps = new TreeMap<>();

    @Test
    void every_metric_has_help_type_and_samples_in_one_block() {
        numbers.pass(Duration.ofSeconds(10));
        numbers.ended("default-1", "echo", Duration.ofMillis(1), Duration.ofMillis(2));
        read();

        assertThat(types.keySet()).isEqualTo(helps.keySet());
        for (Metric metric : Metric.values()) {
            assertThat(helps.get(metric.exposition())).isEqualTo(metric.sentence());
            assertThat(types.get(metric.exposition())).isEqualTo(metric.kind().word());
            String sample = metric.exposition() + (metric.kind() == MetricKind.HISTOGRAM ? "_bucket" : "") + '{';
            assertThat(samples.keySet()).anyMatch(each -> each.startsWith(sample));
        }
        assertThat(types.entrySet())
                .allSatisfy(type -> assertThat(type.getValue().equals("counter"))
                        .as(type.getKey())
                        .isEqualTo(type.getKey().endsWith("_total")));
    }

    @Test
    void times_are_seconds_and_the_same_numbers_as_everywhere() {
        numbers.pass(Duration.ofSeconds(10));
        numbers.ended("default-1", "echo", Duration.ofMillis(1), Duration.ofMillis(200));
        read();

        assertThat(samples.get("vivarium_pool_throughput_calls_per_second{pool=default,window=1m}"))
                .isEqualTo(numbers.pool.view(Window.ONE_MINUTE).window().calls().throughputPerSecond());
        assertThat(samples.get("vivarium_pool_samples{pool=default,window=15m}"))
                .isEqualTo(1);
        assertThat(samples.get("vivarium_pool_last_recovery_seconds{pool=default}"))
                .isNaN();
        assertThat(samples.get("vivarium_program_calls_total{pool=default,program=echo}"))
                .isEqualTo(1);
    }

    @Test
    void latencies_are_histograms_of_pool_and_program_that_only_rise() {
        numbers.ended("default-1", "echo", Duration.ofMillis(1), Duration.ofMillis(200));
        numbers.ended("default-1", "echo", Duration.ZERO, Duration.ofSeconds(90));
        numbers.failed(null, ErrorCategory.SYSTEM_ERROR, "QueueFull"); // no worker had it
        numbers.pass(Duration.ofHours(1)); // all windows are empty
        read();

        for (String of : List.of("vivarium_pool_execution_seconds", "vivarium_program_execution_seconds")) {
            String labels = "pool=default" + (of.contains("program") ? ",program=echo" : "");
            assertThat(samples)
                    .containsEntry(of + "_bucket{le=0.1," + labels + '}', 0.0)
                    .containsEntry(of + "_bucket{le=0.25," + labels + '}', 1.0)
                    .containsEntry(of + "_bucket{le=60.0," + labels + '}', 1.0)
                    .containsEntry(of + "_bucket{le=+Inf," + labels + '}', 2.0)
                    .containsEntry(of + "_count{" + labels + '}', 2.0)
                    .containsEntry(of + "_sum{" + labels + '}', 90.2);
        }
        assertThat(samples)
                .containsEntry("vivarium_pool_wait_seconds_bucket{le=0.001,pool=default}", 3.0) // 1 ms is at most 1 ms
                .containsEntry("vivarium_pool_start_seconds_count{pool=default}", 0.0)
                .doesNotContainKey("vivarium_pool_execution_seconds_bucket{le=0.1,pool=default,window=1m}");
        assertThat(samples.keySet()).noneMatch(sample -> sample.contains("quantile="));
    }

    @Test
    void programs_beyond_the_first_hundred_have_one_histogram_together() {
        for (int i = 0; i < MOST_PROGRAMS + 3; i++) {
            numbers.ended("default-1", "p" + i, Duration.ZERO, Duration.ofMillis(2));
        }
        read();

        assertThat(samples)
                .containsEntry("vivarium_program_total_seconds_count{pool=default,program=_other}", 3.0)
                .containsEntry("vivarium_program_total_seconds_count{pool=default,program=p99}", 1.0)
                .doesNotContainKey("vivarium_program_total_seconds_count{pool=default,program=p100}");
    }

    @Test
    void labels_may_hold_anything() {
        numbers.ended("default-1", "odd \"name\" \\ and\nmore {}", Duration.ofMillis(1), Duration.ofMillis(2));
        numbers.failed("default-1", ErrorCategory.PROGRAM_ERROR, "E\"");
        numbers.dropped = 3;
        read();

        assertThat(samples)
                .containsKey("vivarium_program_calls_total{pool=default,program=odd \"name\" \\ and\nmore {}}")
                .containsEntry("vivarium_call_failures_total{category=program_error,pool=default,type=E\"}", 1.0)
                .containsEntry("vivarium_telemetry_dropped_events_total{}", 3.0);
    }

    @Test
    void what_workers_did_has_samples_by_state_failure_decision_and_result() {
        numbers.activity = new WorkerActivity(
                List.of(new StateTime(WorkerState.BUSY, 12.5, 7)),
                List.of(new RecoveryCount("PROCESS_EXITED", "REPLACE_NOW", 2)),
                Map.of("TIMED_OUT", 3L),
                10,
                20);
        read();

        assertThat(samples)
                .containsEntry("vivarium_worker_state_seconds_total{pool=default,state=BUSY}", 12.5)
                .containsEntry("vivarium_worker_state_stays_total{pool=default,state=BUSY}", 7.0)
                .containsEntry(
                        "vivarium_recovery_decisions_total{decision=REPLACE_NOW,failure=PROCESS_EXITED,pool=default}",
                        2.0)
                .containsEntry("vivarium_health_checks_total{pool=default,result=TIMED_OUT}", 3.0)
                .containsEntry("vivarium_pool_sent_bytes_total{pool=default}", 10.0)
                .containsEntry("vivarium_pool_received_bytes_total{pool=default}", 20.0);
    }

    @Test
    void objectives_have_samples_for_each_target() {
        PoolNumbers promised =
                new PoolNumbers(List.of(new Objective("prep*", Map.of(ObjectiveTarget.DURATION, 2_000.0))));
        promised.ended("default-1", "prep", Duration.ofMillis(1), Duration.ofSeconds(3));
        read(promised);

        String labels = "{indicator=duration,objective=prep*,pool=default";
        assertThat(samples)
                .containsEntry("vivarium_objective_target" + labels + '}', 2.0)
                .containsEntry("vivarium_objective_level" + labels + '}', 2.0)
                .containsEntry("vivarium_objective_error_budget_left_ratio" + labels + '}', -19.0)
                .containsEntry("vivarium_objective_burn_rate_ratio" + labels + ",window=1h}", 20.0)
                .containsEntry("vivarium_pool_objective_level{pool=default}", 2.0);
    }

    private void read() {
        read(numbers);
    }

    private void read(PoolNumbers numbers) {
        numbers.metrics.refresh();
        MetricFamilies families = new MetricFamilies();
        PoolFamilies.add(numbers.metrics, families);
        String text = new String(families.write(MetricsFormat.PROMETHEUS), UTF_8);
        assertThat(text).endsWith("\n");
        Set<String> closed = new HashSet<>();
        String block = "";
        for (String line : text.split("\n", -1)) {
            String name = line.isEmpty() ? "" : line(line);
            if (!name.equals(block)) {
                assertThat(closed.add(block)).as("%s has one block", block).isTrue();
                block = name;
            }
        }
    }

    private String line(String line) {
        Matcher head = HEAD.matcher(line);
        if (head.matches()) {
            Map<String, String> to = head.group(1).equals("HELP") ? helps : types;
            assertThat(to.put(head.group(2), head.group(3))).as(line).isNull();
            return head.group(2);
        }
        Matcher sample = SAMPLE.matcher(line);
        assertThat(sample.matches()).as(line).isTrue();
        String bare = sample.group(1).replaceFirst("_(bucket|sum|count)$", "");
        String family = "histogram".equals(types.get(bare)) ? bare : sample.group(1);
        assertThat(types).as("TYPE comes first").containsKey(family);
        String key = sample.group(1) + labels(sample.group(2) == null ? "" : sample.group(2));
        assertThat(samples.put(key, Double.valueOf(sample.group(3)))).as(line).isNull();
        return family;
    }

    private static String labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        Matcher label = LABEL.matcher(text);
        int end = 0;
        while (end < text.length()) {
            assertThat(label.find(end) && label.start() == end).as(text).isTrue();
            String value =
                    label.group(2).replace("\\n", "\n").replace("\\\"", "\"").replace("\\\\", "\\");
            assertThat(labels.put(label.group(1), value)).as("label once").isNull();
            end = label.end();
        }
        List<String> pairs = Arrays.asList(labels.entrySet().stream()
                .map(each -> each.getKey() + '=' + each.getValue())
                .toArray(String[]::new));
        return '{' + String.join(",", pairs) + '}';
    }
}
