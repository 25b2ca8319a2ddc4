package org.vivarium.core.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vivarium.core.metrics.PoolNumbers;
import org.vivarium.core.resource.ResourceText;
import org.vivarium.testing.Unseen;

/** Holds {@code docs/METRICS.md} and the contract of JMX against the descriptions in the code. */
class MetricsDocumentTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("vivarium.root"), "docs", "METRICS.md");

    @Test
    void the_table_has_every_metric_in_the_order_of_the_code() throws IOException {
        List<String> expected =
                Arrays.stream(Metric.values()).map(MetricsDocumentTest::row).toList();

        assertThat(lines().filter(line -> line.startsWith("| `") && line.contains("` | `vivarium_pool_")))
                .containsExactlyElementsOf(expected);
    }

    private static String row(Metric metric) {
        MetricReader reader = metric.reader();
        boolean percentiles = reader instanceof MetricReader.OfLatency || reader instanceof MetricReader.OfLives;
        String name = metric.attribute();
        if (percentiles) {
            name += "P…Millis1m";
        } else if (!(reader instanceof MetricReader.Now)) {
            name += "1m";
        }
        return "| `%s` | `%s` | %s | %s | %s | %s |"
                .formatted(
                        name,
                        metric.exposition(),
                        metric.unit(),
                        metric.isCounter() ? "counter" : "gauge",
                        metric.source(),
                        metric.description() + (percentiles ? "." : ""));
    }

    @Test
    void every_name_that_prometheus_reads_is_in_the_document() throws IOException {
        PoolNumbers numbers = new PoolNumbers();
        numbers.metrics.refresh();
        Set<String> served = (PrometheusText.of(numbers.metrics) + ResourceText.of(Unseen.RESOURCES))
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .collect(Collectors.toCollection(TreeSet::new));
        String text = Files.readString(DOCUMENT);

        assertThat(served).allSatisfy(name -> assertThat(text).contains('`' + name + '`'));
        assertThat(text.lines()
                        .flatMap(line -> Stream.of(line.split("`", -1)))
                        .filter(word -> word.matches("vivarium_[a-z_]+")))
                .allMatch(served::contains);
    }

    private static Stream<String> lines() throws IOException {
        return Files.readAllLines(DOCUMENT).stream();
    }
}
