package org.vivarium.core.metrics.exposition;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.core.config.ObjectiveTarget;
import org.vivarium.core.metrics.BucketCounts;
import org.vivarium.core.metrics.CallLatencies;
import org.vivarium.core.metrics.Metrics;
import org.vivarium.core.metrics.PoolMetrics;
import org.vivarium.core.metrics.exposition.MetricFamilies.Sample;
import org.vivarium.core.metrics.windows.Window;

/**
 * The numbers of all pools for Prometheus: times in seconds, windows as label {@code window}, latencies as histograms.
 */
public final class PoolFamilies {
    private static final double SECONDS_PER_MILLI = 1e-3;

    private final Metrics metrics;
    private final MetricFamilies out;
    private final Map<String, Map<Window, MetricsView>> pools = new TreeMap<>();

    private PoolFamilies(Metrics metrics, MetricFamilies out) {
        this.metrics = metrics;
        this.out = out;
        metrics.pools().forEach((name, pool) -> {
            Map<Window, MetricsView> views = new TreeMap<>();
            for (Window window : Window.values()) {
                views.put(window, pool.view(window, window == Window.ONE_MINUTE));
            }
            pools.put(name, views);
        });
    }

    /** Adds to {@code out} all that {@code metrics} knows, as it was last seen. */
    public static void add(Metrics metrics, MetricFamilies out) {
        new PoolFamilies(metrics, out).add();
    }

    private void add() {
        for (Metric metric : Metric.values()) {
            add(metric);
        }
        programs();
        objectives();
        failures();
        activity();
        out.counter(
                "vivarium_telemetry_dropped_events_total",
                "Events that were dropped because the ring was full; windows lack what they would have added.",
                Stream.of(new Sample<>(List.of(), (double) metrics.dropped())));
    }

    private void add(Metric metric) {
        switch (metric.kind()) {
            case GAUGE -> out.gauge(metric.exposition(), metric.sentence(), samples(metric));
            case COUNTER -> out.counter(metric.exposition(), metric.sentence(), samples(metric));
            case HISTOGRAM ->
                out.histogram(
                        metric.exposition(),
                        metric.sentence(),
                        eachPool((labels, pool) -> Stream.of(new Sample<>(labels, durations(metric, pool)))));
        }
    }

    private static BucketCounts durations(Metric metric, PoolMetrics pool) {
        return metric.reader() instanceof MetricReader.OfLatency calls
                ? calls.buckets().apply(pool.latencies().calls())
                : pool.latencies().of(((MetricReader.OfLives) metric.reader()).span());
    }

    private Stream<Sample<Double>> samples(Metric metric) {
        double unit = metric.unit().equals("ms") ? SECONDS_PER_MILLI : 1;
        boolean now = metric.reader() instanceof MetricReader.Now;
        return pools.entrySet().stream()
                .flatMap(pool -> pool.getValue().entrySet().stream()
                        .filter(view -> !now || view.getKey() == Window.ONE_MINUTE)
                        .map(view -> new Sample<>(
                                now
                                        ? List.of("pool", pool.getKey())
                                        : List.of(
                                                "pool",
                                                pool.getKey(),
                                                "window",
                                                view.getKey().label()),
                                unit * read(metric.reader(), view.getValue()))));
    }

    private static double read(MetricReader reader, MetricsView view) {
        if (reader instanceof MetricReader.Now of) {
            return of.read().applyAsDouble(view.now());
        } else if (reader instanceof MetricReader.OfWindow of) {
            return of.read().applyAsDouble(view.window());
        }
        return ((MetricReader.OfCalls) reader)
                .read()
                .applyAsDouble(view.window().calls());
    }

    private void programs() {
        out.counter(
                "vivarium_program_calls_total",
                "Calls of the program that ended, successfully or not.",
                eachProgram(ProgramMetrics::calls));
        out.counter(
                "vivarium_program_errors_total",
                "Calls that failed; cancelled calls excluded.",
                eachProgram(ProgramMetrics::errors));
        for (Metric metric : List.of(Metric.WAIT, Metric.EXECUTION, Metric.TOTAL)) {
            Function<CallLatencies, BucketCounts> read = ((MetricReader.OfLatency) metric.reader()).buckets();
            out.histogram(
                    metric.exposition().replace("_pool_", "_program_"),
                    "Of one program: " + metric.sentence(),
                    eachPool((labels, pool) -> new TreeMap<>(pool.latencies().programs())
                            .entrySet().stream()
                                    .map(program -> new Sample<>(
                                            with(labels, "program", program.getKey()),
                                            read.apply(program.getValue())))));
        }
    }

    private Stream<Sample<Double>> eachProgram(ToDoubleFunction<ProgramMetrics> read) {
        return pools.entrySet().stream()
                .flatMap(pool -> requireNonNull(pool.getValue().get(Window.ONE_MINUTE)).programs().stream()
                        .map(program -> new Sample<>(
                                List.of("pool", pool.getKey(), "program", program.program()),
                                read.applyAsDouble(program))));
    }

    private void objectives() {
        objective("vivarium_objective_target", "The target: seconds, or a share of the calls.", view -> {
            boolean duration = view.indicator().equals(ObjectiveTarget.DURATION.key());
            return duration ? view.target() * SECONDS_PER_MILLI : view.target();
        });
        objective(
                "vivarium_objective_used_ratio",
                "How much of the target is used up; 1 means all of it.",
                ObjectiveView::used);
        objective(
                "vivarium_objective_level",
                "0 OK, 1 WARNING, 2 CRITICAL; -1 no data.",
                view -> view.level().number());
        objective(
                "vivarium_objective_error_budget_left_ratio",
                "Remaining part of the error budget of 24 hours.",
                ObjectiveView::budgetLeft);
        out.gauge(
                "vivarium_objective_burn_rate_ratio",
                "Rate at which the error budget is used up; at 1 it is used up exactly.",
                eachPool((labels, pool) -> pool.objectives().targets().stream()
                        .flatMap(view -> Stream.of(
                                new Sample<>(with(of(labels, view), "window", "5m"), view.burnRate5m()),
                                new Sample<>(with(of(labels, view), "window", "1h"), view.burnRate1h())))));
    }

    private void objective(String name, String help, ToDoubleFunction<ObjectiveView> read) {
        out.gauge(
                name,
                help,
                eachPool((labels, pool) -> pool.objectives().targets().stream()
                        .map(view -> new Sample<>(of(labels, view), read.applyAsDouble(view)))));
    }

    private static List<String> of(List<String> labels, ObjectiveView view) {
        return with(labels, "objective", view.objective(), "indicator", view.indicator());
    }

    private void failures() {
        out.counter(
                "vivarium_call_failures_total",
                "Calls that failed or were cancelled, by category and type; _other stands for all types beyond the first 50.",
                eachPool((labels, pool) -> pool.failures().entrySet().stream()
                        .map(failure -> new Sample<>(
                                with(
                                        labels,
                                        "category",
                                        failure.getKey().category().code(),
                                        "type",
                                        failure.getKey().type()),
                                (double) failure.getValue()))));
    }

    private void activity() {
        counter(
                "vivarium_worker_state_seconds_total",
                "Time that workers have spent in the state, stays that go on included.",
                now -> now.activity().states().stream()
                        .map(time -> new Sample<>(List.of("state", time.state().name()), time.seconds())));
        counter(
                "vivarium_worker_state_stays_total",
                "How often workers have left the state.",
                now -> now.activity().states().stream()
                        .map(time -> new Sample<>(List.of("state", time.state().name()), (double) time.stays())));
        counter(
                "vivarium_recovery_decisions_total",
                "Failures of workers, by kind and by what was decided about them.",
                now -> now.activity().recoveries().stream()
                        .map(each ->
                                new Sample<>(List.of("failure", each.failure(), "decision", each.decision()), (double)
                                        each.count())));
        counter(
                "vivarium_health_checks_total",
                "Health checks of idle workers, by their result.",
                now -> counts("result", now.activity().healthChecks()));
        counter(
                "vivarium_key_timeouts_total",
                "Calls with a key whose deadline passed; _other stands for all keys beyond the first 50.",
                now -> counts("key", now.keyTimeouts()));
    }

    private static Stream<Sample<Double>> counts(String label, Map<String, Long> counts) {
        return new TreeMap<>(counts)
                .entrySet().stream()
                        .map(count -> new Sample<>(List.of(label, count.getKey()), (double) count.getValue()));
    }

    private void counter(String name, String help, Function<PoolNow, Stream<Sample<Double>>> read) {
        out.counter(
                name,
                help,
                eachPool((labels, pool) -> read.apply(pool.minute().now())
                        .map(sample ->
                                new Sample<>(with(labels, sample.labels().toArray(String[]::new)), sample.value()))));
    }

    /** Returns the series of a pool that has {@code labels}. */
    private interface OfPool<T> {
        Stream<Sample<T>> samples(List<String> labels, PoolMetrics pool);
    }

    private <T> Stream<Sample<T>> eachPool(OfPool<T> read) {
        return metrics.pools().entrySet().stream()
                .flatMap(pool -> read.samples(List.of("pool", pool.getKey()), pool.getValue()));
    }

    private static List<String> with(List<String> labels, String... more) {
        List<String> all = new ArrayList<>(labels);
        all.addAll(List.of(more));
        return all;
    }
}
