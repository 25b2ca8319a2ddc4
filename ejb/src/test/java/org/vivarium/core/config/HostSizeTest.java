package org.vivarium.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What defaults that follow the host come to, and how they give way to what is configured. */
class HostSizeTest {
    private static final long MEBIBYTE = 1 << 20;

    @ParameterizedTest
    @CsvSource({"0.5, 1, 2", "1, 1, 2", "1.5, 2, 2", "2, 2, 2", "4, 2, 4", "7.2, 2, 8", "64, 2, 64", "5000, 2, 256"})
    void workers_follow_the_processors(double processors, int minimum, int maximum) {
        assertThat(workers(processors, "")).isEqualTo(minimum + " to " + maximum);
    }

    @ParameterizedTest
    @CsvSource({
        "workers.minimum = 6, 6 to 6",
        "workers.maximum = 1, 1 to 1",
        "workers.maximum = 9, 2 to 9",
        "'workers { minimum = 1, maximum = 3 }', 1 to 3",
        "'workers { minimum = auto, maximum = auto }', 2 to 4",
    })
    void what_is_configured_takes_precedence(String line, String expected) {
        assertThat(workers(4, line)).isEqualTo(expected);
    }

    @Test
    void workers_with_many_slots_are_so_few_that_their_slots_have_a_place() {
        assertThat(workers(64, "workers.slots = 64")).isEqualTo("2 to 14");
        assertThat(workers(64, "workers { slots = 64, overflow = 13, replacements = 1 }"))
                .isEqualTo("2 to 2");
    }

    @Test
    void the_states_of_sessions_have_a_quarter_of_the_heap_which_pools_share() {
        assertThat(budget(1_024 * MEBIBYTE, "default {}")).isEqualTo(256);
        assertThat(budget(1_024 * MEBIBYTE, "default {}, b {}, c {}, d {}")).isEqualTo(64);
        assertThat(budget(32 * MEBIBYTE, "default {}")).as("at least").isEqualTo(16);
        assertThat(budget(Long.MAX_VALUE, "default {}")).as("at most").isEqualTo(1_048_576);
        assertThat(budget(1_024 * MEBIBYTE, "default.session.budget = 7 MiB")).isEqualTo(7);
    }

    private static String workers(double processors, String line) {
        PoolSettings settings = settings(new HostSize(processors, 512 * MEBIBYTE), "default { " + line + " }");
        return settings.value(PoolParameter.MINIMUM_WORKERS) + " to " + settings.value(PoolParameter.MAXIMUM_WORKERS);
    }

    private static long budget(long heapBytes, String pools) {
        return settings(new HostSize(4, heapBytes), pools).value(PoolParameter.SESSION_BUDGET_MEGABYTES);
    }

    private static PoolSettings settings(HostSize host, String pools) {
        ConfigurationSources sources = new ConfigurationSources(
                "vivarium.pools { " + pools + " }", Optional.empty(), Map.of(), Map.of(), Path.of("/examples"));
        Configuration configuration = new ConfigurationReader(sources, host, SavedValues.inMemory()).read();
        assertThat(configuration.brokenPools()).isEmpty();
        return configuration.pools().stream()
                .filter(pool -> pool.name().equals("default"))
                .findFirst()
                .orElseThrow()
                .settings();
    }
}
