package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in {@code python.environment} may be a secret, so no complaint about it repeats it. */
class SecretValuesTest {
    private static final String SECRET = "s3cret";

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "python.environment = s3cret",
                "python.environment = \"TOKEN=s3cret\"",
                "python.environment = [\"TOKEN=s3cret\"]",
                "python.environment.TOKEN = [s3cret]",
                "python.environment.TOKEN { VALUE = s3cret }",
                "python.environment.\"MY-TOKEN\" = s3cret",
                "python.environment.\"TOKEN=s3cret\" = 1",
                "python.environment.VIVARIUM_TOKEN = s3cret",
                "python.environment.TOKEN = \"s3cret\\u0000\"",
                "python.enviroment { TOKEN = s3cret }",
                "python { environment { TOKEN = s3cret }, native-threads = 0 }"
            })
    void a_mistake_of_one_pool_is_told_without_the_value(String line) throws IOException {
        Configuration configuration = read("vivarium.pools.default { " + line + " }");

        assertThat(configuration.brokenPools()).containsOnlyKeys("default");
        assertThat(configuration.brokenPools().get("default"))
                .contains("vivarium.conf:1: vivarium.pools.default.python.")
                .doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "python.environment { TOKEN = \"s3cret }",
                "python.environment { \"TOKEN\" \"s3cret\" }",
                "python.environment { TOKEN s3cret }",
                "python.environment = s3cret { A = 1 }",
                "python.environment { TOKEN = s3cret$x }",
                "python.environment { TOKEN : s3cret : x }"
            })
    void what_cannot_be_parsed_is_told_by_its_place_and_without_the_value_causes_included(String line) {
        Throwable failure = catchThrowable(() -> read("vivarium.pools.default { " + line + " }"));

        assertThat(failure)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching("(?s).*vivarium\\.conf: ?1: .+");
        StringWriter logged = new StringWriter();
        failure.printStackTrace(new PrintWriter(logged));
        assertThat(logged.toString()).doesNotContain(SECRET);
    }

    @Test
    void settings_that_are_written_to_a_log_have_names_only() throws IOException {
        Configuration configuration = read("vivarium.pools.default.python.environment.TOKEN = s3cret");

        PythonSettings python = configuration.pools().get(0).python();
        assertThat(python.environment()).containsEntry("TOKEN", SECRET);
        assertThat(configuration.toString()).contains("TOKEN").doesNotContain(SECRET);
    }

    private Configuration read(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("vivarium.conf"), text);
        String bundled = "vivarium.pools.default.workers.minimum = 2";
        return new ConfigurationReader(new ConfigurationSources(
                        bundled, Optional.of(file), Map.of(), Map.of(), Path.of("/opt/examples")))
                .read();
    }
}
