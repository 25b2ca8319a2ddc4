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
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    @ParameterizedTest
    @EnumSource
    void the_file_tells_attribute_meaning_range_default_and_effect_of_each_parameter(PoolParameter parameter) {
        Allowed allowed = parameter.allowed();
        String comment = commentAbove(parameter);
        String unit = parameter.unit().isTime() || parameter.unit() == ParameterUnit.MEBIBYTES
                ? " " + parameter.unit().symbol()
                : "";

        assertThat(comment)
                .contains("[" + parameter.attribute() + "] " + parameter.description())
                .contains(
                        allowed.isNumber()
                                ? "from " + allowed.minimum() + unit + " to " + allowed.maximum() + unit
                                : (allowed.isSwitch() ? "" : "One of ") + allowed.range())
                .contains("Takes effect " + parameter.effect())
                .contains("Default " + POOL.getString(parameter.path()));
    }

    @Test
    void the_file_names_no_attribute_that_does_not_exist() {
        TreeSet<String> named = new TreeSet<>();
        Pattern.compile("# \\[(\\w+)]").matcher(TEXT).results().forEach(found -> named.add(found.group(1)));

        assertThat(named)
                .allSatisfy(attribute ->
                        assertThat(PoolParameter.ofAttribute(attribute)).isNotNull());
    }

    /** Returns the comment with its line breaks taken out. */
    private static String commentAbove(PoolParameter parameter) {
        int start = TEXT.indexOf("# [" + parameter.attribute() + "]");
        assertThat(start).as(parameter.attribute()).isNotNegative();
        String key = parameter.path().substring(parameter.path().indexOf('.') + 1) + " = ";
        return TEXT.substring(start, TEXT.indexOf(" " + key, TEXT.indexOf("Takes effect", start)))
                .replaceAll("\\s*\\n\\s*#", "")
                .strip();
    }

    private static String text() {
        try {
            return Files.readString(Path.of(System.getProperty("vivarium.root"), "config", "vivarium.conf"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
