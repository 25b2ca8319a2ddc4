package org.vivarium.core.metrics.exposition;

import io.prometheus.metrics.config.EscapingScheme;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot.InfoDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.core.metrics.BucketCounts;

/** Metrics as Prometheus has them, family by family, to be written in either format. Used by one thread. */
public final class MetricFamilies {
    private static final String TOTAL = "_total";
    private static final String INFO = "_info";

    private final List<MetricSnapshot> families = new ArrayList<>();

    /**
     * One series of a family.
     *
     * @param labels names and values by turns
     */
    public record Sample<T>(List<String> labels, T value) {}

    /** Adds a family of numbers that rise and fall; {@code name} must come once only, as in all others. */
    public void gauge(String name, String help, Stream<Sample<Double>> samples) {
        GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
        samples.map(sample -> GaugeDataPointSnapshot.builder()
                        .labels(labels(sample))
                        .value(sample.value)
                        .build())
                .forEach(family::dataPoint);
        families.add(family.build());
    }

    /**
     * Adds a family of numbers that only rise; {@code name} ends with {@code _total}. What is negative is not known.
     */
    public void counter(String name, String help, Stream<Sample<Double>> samples) {
        CounterSnapshot.Builder family =
                CounterSnapshot.builder().name(without(TOTAL, name)).help(help);
        samples.filter(sample -> sample.value >= 0)
                .map(sample -> CounterDataPointSnapshot.builder()
                        .labels(labels(sample))
                        .value(sample.value)
                        .build())
                .forEach(family::dataPoint);
        families.add(family.build());
    }

    /** Adds a family of durations in seconds. */
    public void histogram(String name, String help, Stream<Sample<BucketCounts>> samples) {
        HistogramSnapshot.Builder family =
                HistogramSnapshot.builder().name(name).help(help);
        samples.map(sample -> HistogramDataPointSnapshot.builder()
                        .labels(labels(sample))
                        .classicHistogramBuckets(ClassicHistogramBuckets.of(BucketCounts.BOUNDS, sample.value.counts()))
                        .sum(sample.value.seconds())
                        .build())
                .forEach(family::dataPoint);
        families.add(family.build());
    }

    /** Adds a family of one sample, 1, whose labels tell something; {@code name} ends with {@code _info}. */
    public void info(String name, String help, List<String> labels) {
        families.add(InfoSnapshot.builder()
                .name(without(INFO, name))
                .help(help)
                .dataPoint(InfoDataPointSnapshot.builder()
                        .labels(Labels.of(labels.toArray(String[]::new)))
                        .build())
                .build());
    }

    private static Labels labels(Sample<?> sample) {
        return Labels.of(sample.labels.toArray(String[]::new));
    }

    private static String without(String suffix, String name) {
        if (!name.endsWith(suffix)) {
            throw new IllegalArgumentException(name + " must end with " + suffix);
        }
        return name.substring(0, name.length() - suffix.length());
    }

    /** Returns the names of all families, of those without samples as well, as queries use them. */
    List<String> names() {
        return families.stream()
                .map(family -> family.getMetadata().getPrometheusName()
                        + (family instanceof CounterSnapshot ? TOTAL : family instanceof InfoSnapshot ? INFO : ""))
                .toList();
    }

    /**
     * Returns all families, by name, those without samples left out.
     *
     * @throws IllegalArgumentException if a name or a series comes twice
     */
    public byte[] write(MetricsFormat format) {
        ExpositionFormatWriter writer = switch (format) {
            case PROMETHEUS -> PrometheusTextFormatWriter.create();
            case OPEN_METRICS -> OpenMetricsTextFormatWriter.create();
        };
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            writer.write(out, new MetricSnapshots(families), EscapingScheme.UNDERSCORE_ESCAPING);
        } catch (IOException e) { // memory has none
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
