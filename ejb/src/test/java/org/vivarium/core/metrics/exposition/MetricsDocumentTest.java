package org.vivarium.core.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vivarium.core.metrics.PoolNumbers;
import org.vivarium.core.resource.ResourceFamilies;
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
        String name = metric.attribute();
        if (reader.isLatency()) {
            name += "P…Millis1m";
        } else if (!(reader instanceof MetricReader.Now)) {
            name += "1m";
        }
        return "| `%s` | `%s` | %s | %s | %s | %s |"
                .formatted(
                        name,
                        metric.exposition(),
                        metric.unit(),
                        metric.kind().word(),
                        metric.source(),
                        metric.sentence());
    }

    @Test
    void every_name_that_prometheus_reads_is_in_the_document() throws IOException {
        PoolNumbers numbers = new PoolNumbers();
        numbers.metrics.refresh();
        MetricFamilies families = new MetricFamilies();
        ServiceFamilies.add(new ServiceFamilies.Service("1", PoolNumbers.START, 100), List.of(), families);
        PoolFamilies.add(numbers.metrics, families);
        ResourceFamilies.add(Unseen.RESOURCES, families);
        List<String> served = families.names();
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
