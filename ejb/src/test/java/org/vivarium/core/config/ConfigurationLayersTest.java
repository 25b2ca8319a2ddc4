package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Environments, profiles, included files and values that are in files of their own. */
class ConfigurationLayersTest {
    private static final Path CONFIG = Path.of(System.getProperty("vivarium.root"), "config");

    @TempDir
    private Path directory;

    private Path write(String name, String text) throws Exception {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private ConfigurationSources sources(Map<String, String> properties, Map<String, String> environment)
            throws Exception {
        return new ConfigurationSources(
                Files.readString(CONFIG.resolve("vivarium.conf")),
                Optional.of(directory.resolve("vivarium.conf")).filter(Files::exists),
                Optional.of(directory),
                properties,
                environment,
                Path.of("/examples"));
    }

    private PoolDefinition pool(Map<String, String> properties, Map<String, String> environment) throws Exception {
        Configuration configuration = new ConfigurationReader(sources(properties, environment)).read();
        assertThat(configuration.brokenPools()).isEmpty();
        return configuration.pools().get(0);
    }

    private long value(PoolParameter parameter, Map<String, String> environment) throws Exception {
        return pool(Map.of(), environment).settings().value(parameter);
    }

    @Test
    void an_environment_is_laid_over_the_file() throws Exception {
        write("vivarium.conf", "vivarium.pools.default.limits { queue = 1, per-key = 1 }");
        write("environments/production.conf", "vivarium.pools.default.limits.queue = 2");

        assertThat(value(PoolParameter.QUEUE_LIMIT, Map.of())).isEqualTo(1);
        Map<String, String> production = Map.of("VIVARIUM_ENVIRONMENT", "production");
        assertThat(value(PoolParameter.QUEUE_LIMIT, production)).isEqualTo(2);
        assertThat(value(PoolParameter.PER_KEY_LIMIT, production)).isEqualTo(1);
        assertThat(pool(Map.of("vivarium.environment", "production"), Map.of())
                        .settings()
                        .value(PoolParameter.QUEUE_LIMIT))
                .isEqualTo(2);
    }

    @Test
    void an_environment_without_a_file_is_a_mistake() {
        assertThatThrownBy(() -> pool(Map.of(), Map.of("VIVARIUM_ENVIRONMENT", "prodution")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("the environment is prodution, but " + directory
                        + "/environments/prodution.conf cannot be read; write that file, or leave"
                        + " VIVARIUM_ENVIRONMENT and vivarium.environment out");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", "", ".x"})
    void the_name_of_an_environment_is_no_path(String name) {
        assertThatThrownBy(() -> pool(Map.of(), Map.of("VIVARIUM_ENVIRONMENT", name)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("VIVARIUM_ENVIRONMENT must be a name");
    }

    @Test
    void a_file_includes_others_and_their_mistakes_are_told_with_their_places() throws Exception {
        write("vivarium.conf", "include \"limits.conf\"");
        write("limits.conf", "vivarium.pools.default.limits.queue = 3");
        assertThat(value(PoolParameter.QUEUE_LIMIT, Map.of())).isEqualTo(3);
        assertThat(new ConfigurationReader(sources(Map.of(), Map.of())).read().files())
                .contains(directory.resolve("limits.conf"), directory.resolve("vivarium.conf"));

        write("limits.conf", "\nvivarium.pools.default.limits.queue = -3");
        assertThat(new ConfigurationReader(sources(Map.of(), Map.of()))
                        .read()
                        .brokenPools()
                        .get("default"))
                .isEqualTo(directory + "/limits.conf:2: vivarium.pools.default.limits.queue must be a whole number"
                        + " from 0 to 100000 calls, was \"-3\"");
    }

    static Stream<String> profiles() {
        return Profiles.NAMES.stream();
    }

    @ParameterizedTest
    @MethodSource("profiles")
    void each_profile_can_be_chosen_where_nothing_else_is_configured(String profile) throws Exception {
        write("vivarium.conf", "vivarium.pools.default.profile = " + profile);

        PoolDefinition pool = pool(Map.of(), Map.of());

        assertThat(pool.settings().shown(PoolParameter.PROFILE)).isEqualTo(profile);
        assertThat(pool.settings().with(Map.of(PoolParameter.PROFILE, 0L)).equals(PoolSettings.DEFAULT))
                .isEqualTo(profile.equals("balanced"));
        assertThat(pool.configured().profiles()).containsOnlyKeys(Profiles.NAMES);
    }

    @Test
    void what_a_pool_says_itself_is_stronger_than_its_profile_and_the_operators_profile_than_ours() throws Exception {
        write("vivarium.conf", "vivarium.pools.default { profile = low-latency, limits.queue = 7 }");
        write("profiles/low-latency.conf", "workers.spares = 3");

        PoolSettings settings = pool(Map.of(), Map.of()).settings();

        assertThat(settings.value(PoolParameter.QUEUE_LIMIT)).isEqualTo(7);
        assertThat(settings.value(PoolParameter.WARM_SPARES)).isEqualTo(3);
        assertThat(settings.value(PoolParameter.CHECKOUT_TIMEOUT)).isEqualTo(2_000);
    }

    @Test
    void a_value_that_null_takes_out_is_the_default_in_spite_of_the_profile() throws Exception {
        write("vivarium.conf", "vivarium.pools.default { profile = low-latency, limits.queue = null }");

        assertThat(value(PoolParameter.QUEUE_LIMIT, Map.of())).isEqualTo(1_000);
    }

    @Test
    void a_mistake_in_a_profile_is_told_with_its_place() throws Exception {
        write("profiles/low-latency.conf", "workers.spare = 3");

        assertThatThrownBy(() -> pool(Map.of(), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(directory + "/profiles/low-latency.conf:1: workers.spare is no parameter that a"
                        + " profile can set; did you mean workers.spares?");
    }

    @Test
    void the_environments_that_are_shipped_as_examples_can_be_used() throws Exception {
        for (String name : new String[] {"development", "production"}) {
            write("environments/" + name + ".conf", Files.readString(CONFIG.resolve("environments/" + name + ".conf")));

            assertThat(pool(Map.of(), Map.of("VIVARIUM_ENVIRONMENT", name)).settings())
                    .isNotEqualTo(PoolSettings.DEFAULT);
        }
    }

    @Test
    void a_variable_may_name_a_file_that_has_its_value() throws Exception {
        Path secret = write("secret", "12\n");

        assertThat(value(
                        PoolParameter.QUEUE_LIMIT,
                        Map.of("VIVARIUM_POOLS_DEFAULT_LIMITS_QUEUE_FILE", secret.toString())))
                .isEqualTo(12);
        assertThatThrownBy(() -> value(
                        PoolParameter.QUEUE_LIMIT,
                        Map.of(
                                "VIVARIUM_POOLS_DEFAULT_LIMITS_QUEUE_FILE",
                                secret.toString(),
                                "VIVARIUM_POOLS_DEFAULT_LIMITS_QUEUE",
                                "13")))
                .hasMessageContaining("leave one of them out");
        assertThatThrownBy(() -> value(
                        PoolParameter.QUEUE_LIMIT,
                        Map.of("VIVARIUM_POOLS_DEFAULT_LIMITS_QUEUE_FILE", directory + "/none")))
                .hasMessageContaining("must name a readable file");
    }

    @Test
    void variables_of_workers_may_be_in_files_and_nothing_repeats_what_is_in_them() throws Exception {
        write("key", "sk-canary\r\n");
        write("vivarium.conf", "vivarium.pools.default.python.environment-files { API_KEY = key }");
        assertThat(pool(Map.of(), Map.of()).python().environment()).containsEntry("API_KEY", "sk-canary");

        write("key", "sk-canary\u0000");
        String complaint = new ConfigurationReader(sources(Map.of(), Map.of()))
                .read()
                .brokenPools()
                .get("default");
        assertThat(complaint)
                .contains("vivarium.conf:1")
                .contains("files of text without NUL")
                .doesNotContain("sk-");

        write("vivarium.conf", "vivarium.pools.default.python { environment.A = x, environment-files.A = key }");
        write("key", "sk-canary");
        assertThat(new ConfigurationReader(sources(Map.of(), Map.of()))
                        .read()
                        .brokenPools()
                        .get("default"))
                .contains("has A, which python.environment has, too")
                .doesNotContain("sk-");
    }
}
