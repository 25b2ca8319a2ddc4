package org.vivarium.core.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.core.process.procfs.ProcessSampler;

/** What is read of a made-up machine. */
class MachineTest {
    @TempDir
    Path proc;

    @Test
    void processor_time_is_what_was_used_between_two_looks_without_waiting_for_devices() throws IOException {
        stat("cpu  100 0 100 700 100 0 0 0 50 0");
        Machine machine = machine();

        assertThat(machine.host().cpu()).isNaN();
        stat("cpu  120 0 110 750 120 0 0 0 99 0");
        assertThat(machine.host().cpu()).isCloseTo(0.3, within(1e-9));
        assertThat(machine.host().cpu()).as("no time has passed").isNaN();
    }

    @Test
    void memory_is_told_in_bytes_and_starts_by_the_clock() throws IOException {
        stat("cpu  1 1 1 1 1 1 1 1 1 1");
        Files.writeString(proc.resolve("meminfo"), "MemTotal:       2048 kB\nMemFree: 1 kB\nMemAvailable:   512 kB\n");
        Machine machine = machine();

        assertThat(machine.host().memoryBytes()).isEqualTo(2_048 * 1_024);
        assertThat(machine.host().availableBytes()).isEqualTo(512 * 1_024);
        assertThat(machine.started(150)).isEqualTo(Instant.ofEpochSecond(1_000).plusMillis(1_500));
    }

    @Test
    void a_machine_that_tells_nothing_or_nonsense_is_no_error() throws IOException {
        assertThat(machine().host().cpu()).isNaN();
        Files.writeString(proc.resolve("stat"), "cpu x y\nbtime never\n");
        Files.writeString(proc.resolve("meminfo"), "MemTotal: much\n");

        assertThat(machine().host().cpu()).isNaN();
        assertThat(machine().host().memoryBytes()).isZero();
        assertThat(machine().started(0)).isEqualTo(Instant.EPOCH);
        assertThat(machine().jvm(0).rssBytes()).isZero();
        assertThat(machine().jvm(0).threads()).isPositive();
    }

    private Machine machine() {
        return new Machine(new ProcessSampler(proc));
    }

    private void stat(String line) throws IOException {
        Files.writeString(proc.resolve("stat"), line + "\ncpu0 1 1 1 1\nbtime 1000\n");
    }
}
