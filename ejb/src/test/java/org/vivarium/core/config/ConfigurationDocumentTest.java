package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the tables of {@code docs/CONFIGURATION.md} against the descriptions in the code. */
class ConfigurationDocumentTest {
    private static final Path ROOT = Path.of(System.getProperty("vivarium.root"));

    @Test
    void the_table_of_parameters_is_that_of_the_code_in_its_order() throws IOException {
        Config defaults = ConfigFactory.parseString(Files.readString(ROOT.resolve("config/vivarium.conf")))
                .getConfig("vivarium.pools.default");
        List<String> expected = Arrays.stream(PoolParameter.values())
                .map(parameter -> row(parameter, defaults.getString(parameter.path())))
                .toList();

        assertThat(rows().filter(ConfigurationDocumentTest::hasAttribute)).containsExactlyElementsOf(expected);
    }

    @Test
    void the_table_of_python_has_exactly_the_keys_of_the_code() throws IOException {
        assertThat(rows().filter(row -> row.startsWith("| `python.") && !hasAttribute(row))
                        .map(row -> row.split("`", -1)[1]))
                .containsExactlyElementsOf(PythonParameter.paths());
    }

    @Test
    void the_table_of_telemetry_has_exactly_the_keys_of_the_code() throws IOException {
        assertThat(section("## Telemetry")).containsExactly(TelemetryReader.EVENTS, TelemetryReader.MAXIMUM_BYTES);
    }

    @Test
    void the_table_of_memory_has_exactly_the_keys_of_the_code() throws IOException {
        assertThat(section("## Memory")).containsExactly(MemoryReader.REQUESTS, MemoryReader.RESULTS);
    }

    /** They are read where they are needed, and by the log: the sources say which there are. */
    @Test
    void the_table_of_system_properties_has_exactly_those_that_are_read() throws IOException {
        Pattern read =
                Pattern.compile("(?:PROPERTY = |getProperty\\()\"(vivarium\\.[a-z.]+)\"|\\$\\{(vivarium\\.[a-z.]+)");
        Set<String> properties = new TreeSet<>();
        for (String place : List.of("ejb/src/main/java", "web/src/main/java", "ear/src/main/logging")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(place))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    read.matcher(Files.readString(file))
                            .results()
                            .forEach(found -> properties.add(found.group(1) == null ? found.group(2) : found.group(1)));
                }
            }
        }
        properties.remove("vivarium.python.examples"); // a variable of the configuration

        assertThat(properties).hasSizeGreaterThan(5);
        assertThat(section("## System properties of the service")).containsExactlyInAnyOrderElementsOf(properties);
    }

    /** Returns the first column of the table below {@code heading}. */
    private static List<String> section(String heading) throws IOException {
        List<String> all = rows().toList();
        assertThat(all).contains(heading);
        return all.stream()
                .skip(all.indexOf(heading) + 1L)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("`", -1)[1])
                .toList();
    }

    private static Stream<String> rows() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/CONFIGURATION.md")).stream();
    }

    /** Returns whether it is the row of a parameter that operators can change: path, attribute, … */
    private static boolean hasAttribute(String row) {
        return row.matches("\\| `(profile|[a-z]+\\.[a-z-]+)` \\| `[A-Z].*") && !row.contains("`vivarium.");
    }

    private static String row(PoolParameter parameter, String standard) {
        return String.format(
                "| `%s` | `%s` | %s | %s | %s | %s |",
                parameter.path(),
                parameter.attribute(),
                standard,
                parameter.allowed().range(),
                parameter.effect(),
                parameter.description());
    }
}
