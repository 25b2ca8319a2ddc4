package org.vivarium.core.process.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.testing.ManualTicker;

/** When the kernel is said to have killed for memory. */
class MemoryKillsTest {
    @TempDir
    Path root;

    private final ManualTicker ticker = new ManualTicker();
    private FakeCgroup files;
    private MemoryKills kills;

    @BeforeEach
    void five_before_the_service_began() {
        files = new FakeCgroup(root).unified().unifiedFile("memory.max", "2147483648");
        killed(5);
        kills = new MemoryKills(files.reader(), ticker);
    }

    private void killed(int all) {
        files.unifiedFile("memory.events", "oom_kill " + all);
    }

    @Test
    void a_kill_since_the_last_look_is_the_cause() {
        assertThat(kills.cause()).isNull();
        killed(6);

        assertThat(kills.cause()).isEqualTo("was killed by the kernel for memory, limit 2 GiB");
    }

    @Test
    void all_whose_end_is_reported_just_after_it_have_the_same_cause_and_nobody_later() {
        killed(6);
        kills.sample();
        ticker.advance(MemoryKills.LATELY);

        assertThat(kills.cause()).isNotNull();
        assertThat(kills.cause()).isNotNull();
        ticker.advance(Duration.ofNanos(1));
        assertThat(kills.cause()).isNull();
        killed(7);
        assertThat(kills.cause()).isNotNull();
    }

    @Test
    void a_kill_that_was_seen_long_before_explains_nothing() {
        killed(6); // a process that a program had started, say
        kills.sample();
        ticker.advance(Duration.ofSeconds(5));

        assertThat(kills.cause()).isNull();
    }

    @Test
    void a_count_that_falls_counts_from_there() {
        killed(1); // another group now
        assertThat(kills.cause()).isNull();
        killed(2);
        assertThat(kills.cause()).isNotNull();
    }

    @Test
    void without_a_limit_it_was_the_machine_that_had_none_left() {
        files.unifiedFile("memory.max", "max");
        killed(6);

        assertThat(kills.cause()).isEqualTo("was killed by the kernel for memory, no limit but that of the machine");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "1000, 1000 bytes",
        "1024, 1 KiB",
        "1610612736, 1536 MiB",
        "2147483648, 2 GiB",
        "2147487744, 2097156 KiB",
        "1099511627776, 1 TiB",
        "1125899906842624, 1024 TiB"
    })
    void a_limit_is_told_exactly_in_the_largest_unit(long bytes, String words) {
        assertThat(MemoryKills.inWords(bytes)).isEqualTo(words);
    }
}
