package org.vivarium.core.resource;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.view.resources.ProcessView;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.core.metrics.exposition.MetricFamilies;
import org.vivarium.core.metrics.exposition.MetricFamilies.Sample;

/** What was seen of machine, JVM and processes for Prometheus. */
public final class ResourceFamilies {
    /** Workers of a pool that have series of their own; the further ones are added up. */
    static final int MOST_WORKERS = 100;

    private static final String OTHERS = "_other";

    private final ResourcesView view;
    private final Map<List<String>, List<ProcessView>> workers;

    private ResourceFamilies(ResourcesView view) {
        this.view = view;
        this.workers = workers();
    }

    /** Adds all of {@code view} to {@code out}. */
    public static void add(ResourcesView view, MetricFamilies out) {
        ResourceFamilies families = new ResourceFamilies(view);
        for (ResourceMetric metric : ResourceMetric.values()) {
            if (metric.isCounter()) {
                out.counter(metric.exposition(), metric.description(), families.samples(metric.take()));
            } else {
                out.gauge(metric.exposition(), metric.description(), families.samples(metric.take()));
            }
        }
    }

    private Stream<Sample<Double>> samples(ResourceMetric.Take take) {
        if (take instanceof ResourceMetric.OfAll of) {
            return Stream.of(new Sample<>(List.of(), of.read().applyAsDouble(view)));
        } else if (take instanceof ResourceMetric.OfRole of) {
            return Arrays.stream(ProcessRole.values())
                    .map(role -> new Sample<>(
                            List.of("role", role.name().toLowerCase(Locale.ROOT)),
                            view.processes().stream()
                                    .filter(process -> process.role() == role)
                                    .mapToDouble(of.read())
                                    .sum()));
        }
        ToDoubleFunction<ProcessView> read = ((ResourceMetric.OfWorker) take).read();
        return workers.entrySet().stream().map(worker -> new Sample<>(worker.getKey(), sum(worker.getValue(), read)));
    }

    private static double sum(List<ProcessView> processes, ToDoubleFunction<ProcessView> read) {
        return processes.stream().mapToDouble(read).sum();
    }

    /** Returns the workers by their labels: the first of each pool one by one, the others together. */
    private Map<List<String>, List<ProcessView>> workers() {
        Map<String, Map<String, List<ProcessView>>> pools = new TreeMap<>();
        for (ProcessView process : view.processes()) {
            String pool = process.pool();
            String name = process.name();
            if (process.role() == ProcessRole.WORKER && pool != null && name != null) {
                Map<String, List<ProcessView>> of = pools.computeIfAbsent(pool, unused -> new LinkedHashMap<>());
                of.merge(of.size() < MOST_WORKERS ? name : OTHERS, List.of(process), ResourceFamilies::both);
            }
        }
        Map<List<String>, List<ProcessView>> workers = new LinkedHashMap<>();
        pools.forEach((pool, of) ->
                of.forEach((name, processes) -> workers.put(List.of("pool", pool, "worker", name), processes)));
        return workers;
    }

    private static List<ProcessView> both(List<ProcessView> some, List<ProcessView> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }
}
