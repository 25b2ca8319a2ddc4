package org.vivarium.core.resource;

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
import org.vivarium.core.metrics.exposition.PrometheusWriter;

/** What was seen of machine, JVM and processes in the text format of Prometheus. */
public final class ResourceText {
    /** Workers of a pool that have series of their own; the further ones are added up. */
    static final int MOST_WORKERS = 100;

    private static final String OTHERS = "_other";

    private final PrometheusWriter out = new PrometheusWriter();
    private final ResourcesView view;

    private ResourceText(ResourcesView view) {
        this.view = view;
    }

    /** Returns all of {@code view}. */
    public static String of(ResourcesView view) {
        ResourceText text = new ResourceText(view);
        text.write();
        return text.out.toString();
    }

    private void write() {
        Map<List<String>, List<ProcessView>> workers = workers();
        for (ResourceMetric metric : ResourceMetric.values()) {
            out.head(metric.exposition(), metric.isCounter(), metric.description());
            samples(metric, workers);
        }
    }

    private void samples(ResourceMetric metric, Map<List<String>, List<ProcessView>> workers) {
        ResourceMetric.Take take = metric.take();
        if (take instanceof ResourceMetric.OfAll of) {
            out.sample(metric.exposition(), List.of(), of.read().applyAsDouble(view));
        } else if (take instanceof ResourceMetric.OfRole of) {
            for (ProcessRole role : ProcessRole.values()) {
                double sum = view.processes().stream()
                        .filter(process -> process.role() == role)
                        .mapToDouble(of.read())
                        .sum();
                out.sample(metric.exposition(), List.of("role", role.name().toLowerCase(Locale.ROOT)), sum);
            }
        } else if (take instanceof ResourceMetric.OfWorker of) {
            workers.forEach((labels, processes) -> out.sample(metric.exposition(), labels, sum(processes, of.read())));
        }
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
                of.merge(of.size() < MOST_WORKERS ? name : OTHERS, List.of(process), ResourceText::both);
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
