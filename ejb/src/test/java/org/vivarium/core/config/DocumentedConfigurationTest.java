package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Holds {@code config/vivarium.conf}, which is also the reference documentation, against the descriptions in the code.
 */
class DocumentedConfigurationTest {
    private static final String TEXT = text();
    private static final Config POOL = ConfigFactory.parseString(TEXT).getConfig("vivarium.pools.default");

    @Test
    void the_file_has_exactly_the_parameters_that_the_code_has() {
        List<String> known = new ArrayList<>(PoolParameter.paths());
        known.addAll(PythonParameter.paths());
        known.remove(PythonParameter.ENVIRONMENT.path()); // empty, so it has no leaf
        known.remove(PythonParameter.ENVIRONMENT_FILES.path()); // likewise
        known.remove(PythonParameter.PATH.path()); // a substitution, so it has no value yet

        Config withoutPath = POOL.withoutPath(PythonParameter.PATH.path());
        assertThat(withoutPath.entrySet()).extracting(Map.Entry::getKey).containsExactlyInAnyOrderElementsOf(known);
        assertThat(POOL.getObject(PythonParameter.ENVIRONMENT.path())).isEmpty();
        assertThat(TEXT).contains("path = [${vivarium.python.examples}]");
    }

    @Test
    void the_file_as_it_is_gives_the_defaults_of_the_code() {
        ConfigurationSources sources =
                new ConfigurationSources(TEXT, Optional.empty(), Map.of(), Map.of(), Path.of("/examples"));

        Configuration configuration = new ConfigurationReader(sources).read();

        assertThat(configuration.brokenPools()).isEmpty();
        assertThat(configuration.pools())
                .singleElement()
                .extracting(PoolDefinition::settings)
                .isEqualTo(PoolSettings.DEFAULT);
    }

    private static String text() {
        try {
            return Files.readString(Path.of(System.getProperty("vivarium.root"), "config", "vivarium.conf"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
