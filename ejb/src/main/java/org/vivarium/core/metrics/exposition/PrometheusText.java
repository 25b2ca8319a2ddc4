package org.vivarium.core.metrics.exposition;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.LatencyView;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.core.config.ObjectiveTarget;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.metrics.windows.Percentile;
import org.vivarium.core.metrics.windows.Window;

/**
 * The same numbers in the text format of Prometheus, version 0.0.4: times in seconds, windows and percentiles as labels
 * {@code window} and {@code quantile}.
 */
public final class PrometheusText {
    private static final double SECONDS_PER_MILLI = 1e-3;

    private final Metrics metrics;
    private final PrometheusWriter out = new PrometheusWriter();

    private PrometheusText(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Returns all that {@code metrics} knows, as it was last seen. */
    public static String of(Metrics metrics) {
        PrometheusText text = new PrometheusText(metrics);
        text.write();
        return text.out.toString();
    }

    private void write() {
        Map<String, Map<Window, MetricsView>> pools = new TreeMap<>();
        metrics.pools().forEach((name, pool) -> {
            Map<Window, MetricsView> views = new TreeMap<>();
            for (Window window : Window.values()) {
                views.put(window, pool.view(window, window == Window.ONE_MINUTE));
            }
            pools.put(name, views);
        });
        for (Metric metric : Metric.values()) {
            head(metric.exposition(), metric.isCounter(), help(metric));
            pools.forEach((pool, views) -> metric(metric, pool, views));
        }
        programs(pools);
        objectives();
        failures();
        activity();
        head("vivarium_telemetry_dropped_events_total", true, DROPPED);
        sample("vivarium_telemetry_dropped_events_total", List.of(), (double) metrics.dropped());
    }

    /** What events that were lost mean. */
    static final String DROPPED =
            "Events that were dropped because the ring was full; windows lack what they would have added.";

    /** How calls failed. */
    static final String FAILURES =
            "Calls that failed or were cancelled, by category and type; _other stands for all types beyond the first 50.";

    private static final String STATES = "Time that workers have spent in the state, stays that go on included.";
    private static final String STAYS = "How often workers have left the state.";
    private static final String DECISIONS = "Failures of workers, by kind and by what was decided about them.";
    private static final String CHECKS = "Health checks of idle workers, by their result.";
    private static final String KEY_TIMEOUTS =
            "Calls with a key whose deadline passed; _other stands for all keys beyond the first 50.";

    private static String help(Metric metric) {
        return metric.description() + (metric.description().endsWith(".") ? "" : ".");
    }

    private void metric(Metric metric, String pool, Map<Window, MetricsView> views) {
        MetricReader reader = metric.reader();
        if (reader instanceof MetricReader.Now now) {
            MetricsView any = views.values().iterator().next();
            sample(metric, List.of("pool", pool), now.read().applyAsDouble(any.now()));
            return;
        }
        views.forEach((window, view) -> {
            List<String> labels = List.of("pool", pool, "window", window.label());
            if (reader instanceof MetricReader.OfWindow of) {
                sample(metric, labels, of.read().applyAsDouble(view.window()));
            } else if (reader instanceof MetricReader.OfLives of) {
                quantiles(metric.exposition(), labels, of.read().apply(view.window()));
            } else {
                calls(metric, metric.exposition(), labels, view.window().calls());
            }
        });
    }

    private void calls(Metric metric, String name, List<String> labels, CallStats calls) {
        if (metric.reader() instanceof MetricReader.OfCalls of) {
            sample(name, labels, of.read().applyAsDouble(calls));
        } else if (metric.reader() instanceof MetricReader.OfLatency of) {
            quantiles(name, labels, of.read().apply(calls));
        }
    }

    private void quantiles(String name, List<String> labels, LatencyView latency) {
        for (Percentile percentile : Percentile.values()) {
            List<String> all = new ArrayList<>(labels);
            all.add("quantile");
            all.add(percentile.quantile());
            sample(name, all, percentile.of(latency) * SECONDS_PER_MILLI);
        }
    }

    private void programs(Map<String, Map<Window, MetricsView>> pools) {
        head("vivarium_program_calls_total", true, "Calls of the program that ended, successfully or not.");
        eachProgram(
                pools, (labels, program) -> sample("vivarium_program_calls_total", labels, (double) program.calls()));
        head("vivarium_program_errors_total", true, "Calls that failed; cancelled calls excluded.");
        eachProgram(
                pools, (labels, program) -> sample("vivarium_program_errors_total", labels, (double) program.errors()));
        for (Metric metric : List.of(Metric.WAIT, Metric.EXECUTION, Metric.TOTAL)) {
            String name = metric.exposition().replace("_pool_", "_program_");
            head(name, false, "Of one program, in the last minute: " + help(metric));
            eachProgram(pools, (labels, program) -> calls(metric, name, labels, program.window()));
        }
    }

    private static void eachProgram(
            Map<String, Map<Window, MetricsView>> pools, BiConsumer<List<String>, ProgramMetrics> action) {
        pools.forEach((pool, views) -> requireNonNull(views.get(Window.ONE_MINUTE))
                .programs()
                .forEach(program -> action.accept(List.of("pool", pool, "program", program.program()), program)));
    }

    private void objectives() {
        series("vivarium_objective_target", "The target: seconds, or a share of the calls.", view -> {
            boolean duration = view.indicator().equals(ObjectiveTarget.DURATION.key());
            return duration ? view.target() * SECONDS_PER_MILLI : view.target();
        });
        series(
                "vivarium_objective_used_ratio",
                "How much of the target is used up; 1 means all of it.",
                view -> view.used());
        series(
                "vivarium_objective_level",
                "0 OK, 1 WARNING, 2 CRITICAL; -1 no data.",
                view -> view.level().number());
        series(
                "vivarium_objective_error_budget_left_ratio",
                "Remaining part of the error budget of 24 hours.",
                ObjectiveView::budgetLeft);
        String rate = "vivarium_objective_burn_rate_ratio";
        head(rate, false, "Rate at which the error budget is used up; at 1 it is used up exactly.");
        eachObjective((labels, view) -> {
            sample(rate, with(labels, "5m"), view.burnRate5m());
            sample(rate, with(labels, "1h"), view.burnRate1h());
        });
    }

    private static List<String> with(List<String> labels, String window) {
        List<String> all = new ArrayList<>(labels);
        all.add("window");
        all.add(window);
        return all;
    }

    private void series(String name, String help, ToDoubleFunction<ObjectiveView> read) {
        head(name, false, help);
        eachObjective((labels, view) -> sample(name, labels, read.applyAsDouble(view)));
    }

    private void eachObjective(BiConsumer<List<String>, ObjectiveView> action) {
        metrics.pools()
                .forEach((pool, numbers) -> numbers.objectives()
                        .targets()
                        .forEach(view -> action.accept(
                                List.of("pool", pool, "objective", view.objective(), "indicator", view.indicator()),
                                view)));
    }

    private void failures() {
        head("vivarium_call_failures_total", true, FAILURES);
        metrics.pools()
                .forEach((name, pool) -> pool.failures()
                        .forEach((kind, count) -> sample(
                                "vivarium_call_failures_total",
                                List.of(
                                        "pool",
                                        name,
                                        "category",
                                        kind.category().code(),
                                        "type",
                                        kind.type()),
                                count)));
    }

    private void activity() {
        counter(
                "vivarium_worker_state_seconds_total",
                STATES,
                now -> now.activity().states().stream()
                        .map(time -> new Count(List.of("state", time.state().name()), time.seconds())));
        counter(
                "vivarium_worker_state_stays_total",
                STAYS,
                now -> now.activity().states().stream()
                        .map(time -> new Count(List.of("state", time.state().name()), (double) time.stays())));
        counter(
                "vivarium_recovery_decisions_total",
                DECISIONS,
                now -> now.activity().recoveries().stream()
                        .map(each -> new Count(List.of("failure", each.failure(), "decision", each.decision()), (double)
                                each.count())));
        counter(
                "vivarium_health_checks_total",
                CHECKS,
                now -> counts("result", now.activity().healthChecks()));
        counter("vivarium_key_timeouts_total", KEY_TIMEOUTS, now -> counts("key", now.keyTimeouts()));
    }

    private static Stream<Count> counts(String label, Map<String, Long> counts) {
        return new TreeMap<>(counts)
                .entrySet().stream().map(count -> new Count(List.of(label, count.getKey()), (double) count.getValue()));
    }

    private void counter(String name, String help, Function<PoolNow, Stream<Count>> read) {
        head(name, true, help);
        metrics.pools()
                .forEach((pool, numbers) -> read.apply(numbers.minute().now())
                        .forEach(count -> sample(
                                name,
                                Stream.concat(Stream.of("pool", pool), count.labels.stream())
                                        .toList(),
                                count.value)));
    }

    /** A sample of a pool with these labels besides. */
    private record Count(List<String> labels, double value) {}

    private void head(String name, boolean counter, String help) {
        out.head(name, counter, help);
    }

    private void sample(Metric metric, List<String> labels, double value) {
        boolean millis = metric.unit().equals("ms");
        sample(metric.exposition(), labels, millis ? value * SECONDS_PER_MILLI : value);
    }

    private void sample(String name, List<String> labels, double value) {
        out.sample(name, labels, value);
    }
}
