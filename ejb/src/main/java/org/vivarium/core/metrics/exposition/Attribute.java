package org.vivarium.core.metrics.exposition;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.LatencyView;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.core.metrics.windows.Percentile;
import org.vivarium.core.metrics.windows.Window;

/**
 * One number that can be plotted, derived from a {@link Metric}: what has a window becomes a number of one window, the
 * last minute if nothing else is said, and what has percentiles becomes a number for each.
 *
 * @param name such as {@code WaitP99Millis1m}
 * @param whole whether it is a whole number
 * @param read takes it from a snapshot
 */
public record Attribute<T>(String name, String unit, boolean whole, String description, ToDoubleFunction<T> read) {
    private static final Set<Metric> WHOLE =
            Set.of(Metric.SAMPLES, Metric.RUNNING, Metric.KEYS, Metric.OBJECTIVE_LEVEL);

    /** Returns the numbers of a pool, those that have a window of the last minute. */
    public static List<Attribute<MetricsView>> ofPool() {
        return Arrays.stream(Metric.values())
                .flatMap(metric -> ofPool(metric, Window.ONE_MINUTE).stream())
                .toList();
    }

    /** Returns those numbers of a pool that have a window, of {@code window}: to be read from a snapshot of that. */
    static List<Attribute<MetricsView>> ofPool(Window window) {
        return Arrays.stream(Metric.values())
                .filter(metric -> !(metric.reader() instanceof MetricReader.Now))
                .flatMap(metric -> ofPool(metric, window).stream())
                .toList();
    }

    private static List<Attribute<MetricsView>> ofPool(Metric metric, Window within) {
        MetricReader reader = metric.reader();
        if (reader instanceof MetricReader.Now now) {
            return List.of(one(metric, null, view -> now.read().applyAsDouble(view.now())));
        } else if (reader instanceof MetricReader.OfWindow window) {
            return List.of(one(metric, within, view -> window.read().applyAsDouble(view.window())));
        } else if (reader instanceof MetricReader.OfLives lives) {
            return each(metric, within, (MetricsView view) -> lives.read().apply(view.window()));
        }
        return ofCalls(metric, within).stream()
                .map(attribute ->
                        attribute.from((MetricsView view) -> view.window().calls()))
                .toList();
    }

    /** Returns the numbers of calls, whosever they are. */
    public static List<Attribute<CallStats>> ofCalls() {
        return Arrays.stream(Metric.values())
                .flatMap(metric -> ofCalls(metric, Window.ONE_MINUTE).stream())
                .toList();
    }

    private static List<Attribute<CallStats>> ofCalls(Metric metric, Window within) {
        MetricReader reader = metric.reader();
        if (reader instanceof MetricReader.OfCalls calls) {
            return List.of(one(metric, within, calls.read()));
        } else if (reader instanceof MetricReader.OfLatency latency) {
            return each(metric, within, latency.read());
        }
        return List.of();
    }

    private static <T> Attribute<T> one(Metric metric, @Nullable Window window, ToDoubleFunction<T> read) {
        return new Attribute<>(
                metric.attribute() + (window == null ? "" : window.label()),
                metric.unit(),
                metric.kind() == MetricKind.COUNTER || WHOLE.contains(metric),
                window == null ? metric.description() : metric.description().replace("the window", window.words()),
                read);
    }

    private static <T> List<Attribute<T>> each(Metric metric, Window window, Function<T, LatencyView> latency) {
        List<Attribute<T>> attributes = new ArrayList<>();
        for (Percentile percentile : Percentile.values()) {
            attributes.add(new Attribute<>(
                    metric.attribute() + percentile.label() + "Millis" + window.label(),
                    metric.unit(),
                    false,
                    metric.description() + ": " + percentile.words() + " of " + window.words() + "; NaN without data.",
                    view -> percentile.of(latency.apply(view))));
        }
        return attributes;
    }

    private <S> Attribute<S> from(Function<S, T> part) {
        return new Attribute<>(name, unit, whole, description, whole(part));
    }

    private <S> ToDoubleFunction<S> whole(Function<S, T> part) {
        return view -> read.applyAsDouble(part.apply(view));
    }

    /** Returns whether it means something for a single program, which has no workers of its own to be busy. */
    public boolean isOfProgram() {
        return !name.startsWith(Metric.UTILIZATION.attribute());
    }

    /** Returns those numbers of calls that {@code wanted} wants, by their names without the window. */
    public static Map<String, Double> values(CallStats calls, Predicate<Attribute<CallStats>> wanted) {
        return collect(ofCalls().stream().filter(wanted).toList(), calls);
    }

    /** Returns the numbers of a pool, by their names without the window. */
    public static Map<String, Double> values(MetricsView view) {
        return collect(ofPool(), view);
    }

    private static <T> Map<String, Double> collect(List<Attribute<T>> attributes, T from) {
        Map<String, Double> values = new LinkedHashMap<>();
        attributes.forEach(attribute -> values.put(
                attribute.name.replaceFirst(Window.ONE_MINUTE.label() + "$", ""), attribute.read.applyAsDouble(from)));
        return values;
    }

    /** Returns the number in {@code view}: a {@code Long} if it is whole, else a {@code Double}. */
    public Number of(T view) {
        double value = read.applyAsDouble(view);
        return whole ? (Number) (long) value : (Number) value;
    }
}
