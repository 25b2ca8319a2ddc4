package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
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

        assertThat(rows().filter(row -> row.matches("\\| `(workers|timeouts|limits|session|recovery)\\..*")))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void the_table_of_python_has_exactly_the_keys_of_the_code() throws IOException {
        assertThat(rows().filter(row -> row.startsWith("| `python.")).map(row -> row.split("`", -1)[1]))
                .containsExactlyElementsOf(PythonParameter.paths());
    }

    private static Stream<String> rows() throws IOException {
        return Files.readAllLines(ROOT.resolve("docs/CONFIGURATION.md")).stream();
    }

    private static String row(PoolParameter parameter, String standard) {
        Allowed allowed = parameter.allowed();
        String range = allowed.isChoice()
                ? allowed.alternatives()
                : String.format(
                        Locale.ROOT,
                        "%,d to %,d %s",
                        allowed.minimum(),
                        allowed.maximum(),
                        parameter.unit().symbol());
        return String.format(
                "| `%s` | `%s` | %s | %s | %s | %s |",
                parameter.path(), parameter.attribute(), standard, range, parameter.effect(), parameter.description());
    }
}
