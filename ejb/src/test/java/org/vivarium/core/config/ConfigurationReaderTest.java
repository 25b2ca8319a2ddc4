package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationReaderTest {
    private static final Path EXAMPLES = Path.of("/opt/examples");
    private static final String BUNDLED = """
            vivarium.pools.default {
              workers.minimum = 2
              python { path = [${vivarium.python.examples}], programs = [vivarium_examples] }
            }
            """;

    @TempDir
    private Path directory;

    @Test
    void the_built_in_file_alone_gives_the_example_pool_with_defaults() {
        Configuration configuration = read(null, Map.of(), Map.of());

        assertThat(configuration.brokenPools()).isEmpty();
        PoolDefinition pool = configuration.pools().get(0);
        assertThat(pool.name()).isEqualTo("default");
        assertThat(pool.settings()).isEqualTo(PoolSettings.DEFAULT);
        assertThat(pool.python().path()).containsExactly(EXAMPLES);
        assertThat(pool.python().modules()).containsExactly("vivarium_examples");
        assertThat(pool.python().interpreter()).isEqualTo("python3");
        assertThat(pool.python().startMethod()).isEqualTo(StartMethod.FORKSERVER);
    }

    @Test
    void environment_beats_properties_beat_the_file_beats_what_is_built_in() {
        Configuration configuration = read(
                "vivarium.pools.default.timeouts { checkout = 1 s, operation = 2 s, start = 3 s }",
                Map.of(
                        "vivarium.pools.default.timeouts.operation",
                        "20 s",
                        "vivarium.pools.default.timeouts.start",
                        "30 s"),
                Map.of(
                        "VIVARIUM_POOLS_DEFAULT_TIMEOUTS_START",
                        "300 s",
                        "VIVARIUM_POOLS_DEFAULT_TIMEOUTS_STOP_GRACE",
                        "0 ms"));

        PoolSettings settings = onlyPool(configuration).settings();
        assertThat(settings.duration(PoolParameter.CHECKOUT_TIMEOUT)).isEqualTo(Duration.ofSeconds(1));
        assertThat(settings.duration(PoolParameter.OPERATION_TIMEOUT)).isEqualTo(Duration.ofSeconds(20));
        assertThat(settings.duration(PoolParameter.START_TIMEOUT)).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.nanos(PoolParameter.STOP_GRACE)).isZero();
        assertThat(configuration.sources()).hasSize(5);
    }

    @Test
    void counts_times_and_sizes_are_read_with_their_units() {
        PoolSettings settings = onlyPool(read(
                        "vivarium.pools.default { workers { minimum = \"3\", spin = 10 us }, limits.frame = 1 GiB, timeouts.operation = 1.5 s }",
                        Map.of(),
                        Map.of()))
                .settings();

        assertThat(settings.integer(PoolParameter.MINIMUM_WORKERS)).isEqualTo(3);
        assertThat(settings.nanos(PoolParameter.SPIN_MICROS)).isEqualTo(10_000);
        assertThat(settings.value(PoolParameter.MAXIMUM_FRAME_MEGABYTES)).isEqualTo(1_024);
        assertThat(settings.value(PoolParameter.OPERATION_TIMEOUT)).isEqualTo(1_500);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            timeouts.checkout = 30              | timeouts.checkout must be a whole number from 1 to 3600000 ms, with its unit (us, ms, s, m, h), such as "30 s", was "30"
            timeouts.checkout = 2 h             | timeouts.checkout must be a whole number from 1 to 3600000 ms
            timeouts.checkout = 10 parsecs      | was "10 parsecs"
            timeouts.checkout = 1500 us         | was "1500 us"
            timeouts.checkout = -1 ms           | was "-1 ms"
            timeouts.checkout = [1 s]           | timeouts.checkout must be a whole number
            timeouts.checkout = true            | was "true"
            timeouts.checkuot = 30 s            | timeouts.checkuot is not known; did you mean timeouts.checkout?
            timeout.checkout = 30 s             | timeout is not known; did you mean timeouts?
            zebra = 1                           | zebra is not known; known are
            workers = 4                         | workers must be a group { … }, was "4"
            workers { minimum = 5, maximum = 4 } | is inconsistent: MinimumWorkers must be at most MaximumWorkers, was 5 with MaximumWorkers 4
            workers.spares = auto               | workers.spares must be a whole number from 0 to 64 workers, was "auto"
            workers { slots = 64, maximum = 15 } | is inconsistent: SlotsPerWorker times the sum of MaximumWorkers, Overflow and MaximumReplacements must be at most 1024, was 64 * (15 + 0 + 2)
            workers { slots = 2 }, limits.cpu = 1 s | is inconsistent: CpuLimitMillis must be 0 while SlotsPerWorker is above 1
            workers.lazy = yes                  | workers.lazy must be true or false, was "yes"
            python.log-level = trace            | python.log-level must be debug, info, warning or error, was "trace"
            workers.slots = 65                  | workers.slots must be a whole number from 1 to 64 slots, was "65"
            workers.minimum = 1.5               | workers.minimum must be auto, or a whole number from 1 to 256 workers, was "1.5"
            workers.minimum = 99999999999999999999 | workers.minimum must be auto, or a whole number
            workers.minimum = 0                 | workers.minimum must be auto, or a whole number from 1 to 256 workers, was "0"
            limits.frame = 64 MB                | limits.frame must be a whole number from 1 to 1024 MiB, with its unit, such as "64 MiB"
            limits.frame = 64                   | such as "64 MiB", was "64"
            python.start-method = fork          | python.start-method must be forkserver or spawn, was "fork"
            python.programs = [a-b]             | python.programs must hold names of Python modules, such as crm, without a directory and without .py, was "a-b"
            python.interpreter = " "            | python.interpreter must be a command or a path
            python.interpreter = [a]            | python.interpreter must hold text
            python.native-threads = 0           | python.native-threads must be a whole number from 1 to 256, was "0"
            python.environment = x              | python.environment must be a group of variables
            python.environment.TOKEN = [x]      | python.environment must hold text without NUL, but TOKEN is something else
            python.environment.VIVARIUM_RUN = x | that do not begin with VIVARIUM_
            python.environment.PYTHONPATH = x   | python.environment has PYTHONPATH, which has no effect: the interpreter ignores its own variables (it runs with -I); use python.path
            python.environment.PYTHONHOME = x   | python.environment has PYTHONHOME, which has no effect: the interpreter ignores its own variables (it runs with -I); use python.interpreter
            python.environment.PYTHONUTF8 = 1   | python.environment has PYTHONUTF8, which has no effect: the interpreter ignores its own variables (it runs with -I); leave it out
            python.interpreter = "a\\u0000b"    | python.interpreter must have no NUL, was "a
            python.path = ["a\\u0000b"]         | python.path must have no NUL, was "a
            python.programs = [lib/crm.py]      | python.programs must hold names of Python modules, such as crm, without a directory and without .py, was "lib/crm.py"
            python.interpretor = x              | python.interpretor is not known; did you mean python.interpreter?
            """)
    void a_mistake_inside_a_pool_breaks_that_pool_alone_and_says_where_and_what_is_allowed(
            String line, String complaint) throws IOException {
        Path file = Files.writeString(directory.resolve("mine.conf"), """
                vivarium.pools {
                  good { python.programs = [x] }
                  bad {
                    %s
                  }
                }
                """.formatted(line));

        Configuration configuration = new ConfigurationReader(sources(Optional.of(file), Map.of(), Map.of())).read();

        assertThat(configuration.pools()).extracting(PoolDefinition::name).containsExactly("default", "good");
        assertThat(configuration.brokenPools()).containsOnlyKeys("bad");
        assertThat(configuration.brokenPools().get("bad"))
                .startsWith(file + ":")
                .contains("vivarium.pools.bad")
                .contains(complaint);
        assertThat(configuration.brokenPools().get("bad")).matches("(?s).*mine.conf:[34]: .*");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            vivarium.pool.default.x = 1              | vivarium.pool is not known; did you mean pools?
            vivarium.telemetry.maximum-byte = 4 MiB  | vivarium.telemetry.maximum-byte is not known; did you mean maximum-bytes?
            vivarium.pools = 4                       | vivarium.pools must be a group { … }, was "4"
            vivarium.pools."a b".workers.minimum = 1 | vivarium.pools.a b is not a valid name of a pool
            vivarium.pools { oops                    | mine.conf: 1
            vivarium.pools.default.python.path = [${nowhere}] | nowhere
            """)
    void a_mistake_outside_of_pools_stops_everything_with_one_sentence(String text, String complaint)
            throws IOException {
        Path file = Files.writeString(directory.resolve("mine.conf"), text);
        ConfigurationReader reader = new ConfigurationReader(sources(Optional.of(file), Map.of(), Map.of()));

        assertThatThrownBy(reader::read)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(complaint);
    }

    @Test
    void the_memory_for_history_comes_from_file_property_or_variable() {
        assertThat(memory(null, Map.of(), Map.of())).isEqualTo(64);
        String file = "vivarium.telemetry.maximum-bytes = 32 MiB";
        Map<String, String> property = Map.of("vivarium.telemetry.maximum-bytes", "16 MiB");
        Map<String, String> variable = Map.of("VIVARIUM_TELEMETRY_MAXIMUM_BYTES", "1.5 GiB");

        assertThat(memory(file, Map.of(), Map.of())).isEqualTo(32);
        assertThat(memory(file, property, Map.of())).isEqualTo(16);
        assertThat(memory(file, property, variable)).isEqualTo(1_536);
        assertThat(read("vivarium.telemetry.maximum-bytes = null", Map.of(), Map.of())
                        .service()
                        .start())
                .isEqualTo(ServiceSettings.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"67108864", "lots", "64 parsecs", "1 KiB", "65 GiB", "-64 MiB", ""})
    void a_bad_memory_for_history_is_a_mistake_that_names_its_place(String value) {
        assertThatThrownBy(() -> read(null, Map.of("vivarium.telemetry.maximum-bytes", value), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "system property vivarium.telemetry.maximum-bytes: vivarium.telemetry.maximum-bytes must be a "
                                + "whole number from 1 to 65536 MiB, with its unit, such as \"64 MiB\", was \"" + value
                                + '"');
    }

    @Test
    void a_property_or_variable_that_means_nothing_is_refused_with_a_suggestion() {
        assertThatThrownBy(() -> read(null, Map.of("vivarium.pools.defualt.workers.minimum", "1"), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage(
                        "system property vivarium.pools.defualt.workers.minimum: no file defines the pool defualt; did you mean default?");
        assertThatThrownBy(() -> read(null, Map.of(), Map.of("VIVARIUM_POOLS_DEFAULT_TIMEOUT_CHECKOUT", "1 s")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("did you mean VIVARIUM_POOLS_DEFAULT_TIMEOUTS_CHECKOUT?");
        assertThat(read(null, Map.of("vivarium.pools.default.workers.minimun", "1"), Map.of())
                        .brokenPools()
                        .get("default"))
                .isEqualTo(
                        "system property vivarium.pools.default.workers.minimun: vivarium.pools.default.workers.minimun is not known; did you mean workers.minimum?");
    }

    @ParameterizedTest
    @CsvSource({"python3.12,python3.12", "/opt/python3,/opt/python3", "venv/bin/python,%s/venv/bin/python", "./py,%s/py"
    })
    void an_interpreter_with_a_directory_is_seen_from_the_file_like_a_path_and_a_command_is_left_to_the_system(
            String written, String expected) {
        PythonSettings python = onlyPool(read(
                        "vivarium.pools.default.python.interpreter = \"%s\"".formatted(written), Map.of(), Map.of()))
                .python();

        assertThat(python.interpreter()).isEqualTo(expected.formatted(directory));
    }

    @Test
    void variables_of_libraries_may_begin_like_those_of_the_interpreter() {
        assertThat(onlyPool(read(
                                "vivarium.pools.default.python.environment.PYTHON_KEYRING_BACKEND = x",
                                Map.of(),
                                Map.of()))
                        .python()
                        .environment())
                .containsKey("PYTHON_KEYRING_BACKEND");
    }

    @Test
    void null_takes_the_example_pool_out_and_restores_a_default() {
        assertThat(read("vivarium.pools { default = null, mine.timeouts.checkout = null }", Map.of(), Map.of())
                        .pools())
                .extracting(PoolDefinition::name)
                .containsExactly("mine");
    }

    @Test
    void a_relative_path_is_seen_from_the_file_it_stands_in_and_lists_may_be_written_with_commas() {
        PythonSettings python = onlyPool(read(
                        "vivarium.pools.default.python { path = [lib, /abs], allow-inherited = [client], environment { LANG = C } }",
                        Map.of("vivarium.pools.default.python.preload", "json, asyncio"),
                        Map.of("VIVARIUM_POOLS_DEFAULT_PYTHON_NATIVE_THREADS", "2")))
                .python();

        assertThat(python.path()).containsExactly(directory.resolve("lib"), Path.of("/abs"));
        assertThat(python.preload()).containsExactly("json", "asyncio");
        assertThat(python.allowInherited()).containsExactly("client");
        assertThat(python.environment()).containsExactly(Map.entry("LANG", "C"));
        assertThat(python.threads()).isEqualTo(2);
    }

    @Test
    void the_filter_of_events_is_set_by_file_system_property_and_environment_in_this_order() {
        String file = "vivarium.telemetry.events = [call.stop, -worker]";
        Map<String, String> properties = Map.of("vivarium.telemetry.events", "pool.*");
        Map<String, String> environment = Map.of("VIVARIUM_TELEMETRY_EVENTS", "session, -session.hit");

        assertThat(events(file, Map.of(), Map.of())).isEqualTo("call.stop, -worker");
        assertThat(events(file, Map.of(), environment)).isEqualTo("session, -session.hit");
        assertThat(events(null, Map.of(), environment)).isEqualTo("session, -session.hit");
        assertThat(events(file, properties, Map.of())).isEqualTo("pool.*");
        assertThat(events(file, properties, environment)).isEqualTo("session, -session.hit");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense | must be a list of patterns of events: \"nonsense\" matches no event",
                "call.stop, -worker.nonsense | \"worker.nonsense\" matches no event",
                "call.* , wor | \"wor\" matches no event; use *, a name or its beginning",
            })
    void a_pattern_that_stands_for_no_event_is_a_mistake_wherever_it_comes_from(String patterns, String problem) {
        String file = "vivarium.telemetry.events = \"" + patterns + '"';
        List<ThrowableAssert.ThrowingCallable> ways = List.of(
                () -> read(file, Map.of(), Map.of()),
                () -> read(null, Map.of("vivarium.telemetry.events", patterns), Map.of()),
                () -> read(null, Map.of(), Map.of("VIVARIUM_TELEMETRY_EVENTS", patterns)));

        assertThat(ways)
                .allSatisfy(way -> assertThatThrownBy(way)
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("vivarium.telemetry.events")
                        .hasMessageContaining(problem));
    }

    private String events(String text, Map<String, String> properties, Map<String, String> environment) {
        return read(text, properties, environment).service().start().events().toString();
    }

    private long memory(String text, Map<String, String> properties, Map<String, String> environment) {
        return read(text, properties, environment).service().start().value(ServiceParameter.TELEMETRY_MEGABYTES);
    }

    private static PoolDefinition onlyPool(Configuration configuration) {
        assertThat(configuration.brokenPools()).isEmpty();
        assertThat(configuration.pools()).hasSize(1);
        return configuration.pools().get(0);
    }

    private Configuration read(String text, Map<String, String> properties, Map<String, String> environment) {
        Optional<Path> file = Optional.ofNullable(text).map(this::write);
        return new ConfigurationReader(sources(file, properties, environment)).read();
    }

    private Path write(String text) {
        try {
            return Files.writeString(directory.resolve("vivarium.conf"), text);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ConfigurationSources sources(
            Optional<Path> file, Map<String, String> properties, Map<String, String> environment) {
        return new ConfigurationSources(BUNDLED, file, properties, environment, EXAMPLES);
    }
}
