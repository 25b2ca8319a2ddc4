package org.vivarium.core.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.view.resources.ContainerView;
import org.vivarium.api.view.resources.HostView;
import org.vivarium.core.process.cgroup.CgroupSample;
import org.vivarium.core.process.procfs.ProcessSampler;

/** What is read of a made-up machine. */
class MachineTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    Path proc;

    private CgroupSample limits = CgroupSample.NONE;

    @Test
    void processor_time_is_what_was_used_between_two_looks_without_waiting_for_devices() throws IOException {
        stat("cpu  100 0 100 700 100 0 0 0 50 0");
        Machine machine = machine();

        assertThat(machine.host(0).cpu()).isNaN();
        stat("cpu  120 0 110 750 120 0 0 0 99 0");
        assertThat(machine.host(0).cpu()).isCloseTo(0.3, within(1e-9));
        assertThat(machine.host(0).cpu()).as("no time has passed").isNaN();
    }

    @Test
    void memory_is_told_in_bytes_and_starts_by_the_clock() throws IOException {
        stat("cpu  1 1 1 1 1 1 1 1 1 1");
        Files.writeString(proc.resolve("meminfo"), "MemTotal:       2048 kB\nMemFree: 1 kB\nMemAvailable:   512 kB\n");
        Machine machine = machine();

        assertThat(machine.host(0).memoryBytes()).isEqualTo(2_048 * 1_024);
        assertThat(machine.host(0).availableBytes()).isEqualTo(512 * 1_024);
        assertThat(machine.started(150)).isEqualTo(Instant.ofEpochSecond(1_000).plusMillis(1_500));
    }

    @Test
    void a_machine_that_tells_nothing_or_nonsense_is_no_error() throws IOException {
        assertThat(machine().host(0).cpu()).isNaN();
        Files.writeString(proc.resolve("stat"), "cpu x y\nbtime never\n");
        Files.writeString(proc.resolve("meminfo"), "MemTotal: much\n");

        assertThat(machine().host(0).cpu()).isNaN();
        assertThat(machine().host(0).memoryBytes()).isZero();
        assertThat(machine().started(0)).isEqualTo(Instant.EPOCH);
        assertThat(machine().jvm(0).rssBytes()).isZero();
        assertThat(machine().jvm(0).threads()).isPositive();
    }

    @Test
    void of_machine_and_container_the_smaller_memory_counts_and_both_are_shown() throws IOException {
        Files.writeString(proc.resolve("meminfo"), "MemTotal:       4 kB\nMemAvailable:   3 kB\n");
        limits = memory(2_048, 512);

        HostView host = machine().host(0);

        assertThat(host.memoryBytes()).isEqualTo(2_048);
        assertThat(host.availableBytes()).isEqualTo(512);
        assertThat(host.machine().memoryBytes()).isEqualTo(4_096);
        assertThat(host.machine().availableBytes()).isEqualTo(3_072);
        assertThat(host.container()).isEqualTo(new ContainerView("cgroup v2", Double.NaN, Double.NaN, 2_048, 1_536, 4));
    }

    @Test
    void a_limit_above_what_the_machine_has_is_shown_and_changes_nothing() throws IOException {
        Files.writeString(proc.resolve("meminfo"), "MemTotal:       4 kB\nMemAvailable:   3 kB\n");
        limits = memory(8_192, 8_000);

        HostView host = machine().host(0);

        assertThat(host.memoryBytes()).isEqualTo(4_096);
        assertThat(host.availableBytes()).isEqualTo(3_072);
        assertThat(host.container()).isNotNull();
    }

    @Test
    void a_limit_counts_where_the_machine_tells_nothing() {
        limits = memory(8_192, 8_000);

        assertThat(machine().host(0).memoryBytes()).isEqualTo(8_192);
        assertThat(machine().host(0).availableBytes()).isEqualTo(8_000);
    }

    @Test
    void the_fuller_of_machine_and_container_is_what_is_used_of_the_processors() throws IOException {
        stat("cpu  100 0 100 700 100 0 0 0 0 0");
        limits = processors(0.5, 0);
        Machine machine = machine();

        assertThat(machine.host(0).cpu()).isNaN();
        assertThat(machine.host(0).processors()).isEqualTo(1);
        assertThat(machine.host(0).machine().processors()).isEqualTo(1);
        stat("cpu  120 0 110 750 120 0 0 0 0 0");
        limits = processors(0.5, SECOND / 4);
        HostView host = machine.host(SECOND);
        assertThat(host.cpu()).as("a quarter of a second of half a processor").isEqualTo(0.5);
        assertThat(host.machine().cpu()).isCloseTo(0.3, within(1e-9));
        stat("cpu  210 0 110 760 120 0 0 0 0 0");
        limits = processors(0.5, SECOND / 4);
        host = machine.host(2 * SECOND);
        assertThat(host.cpu()).isCloseTo(0.9, within(1e-9));
        assertThat(host.container()).isNotNull().extracting(ContainerView::cpu).isEqualTo(0.0);
    }

    @Test
    void the_use_of_processors_is_unknown_while_there_is_nothing_to_compare() {
        limits = processors(0.5, SECOND);
        Machine machine = machine();

        assertThat(machine.host(SECOND).cpu()).isNaN();
        limits = processors(0.5, 0); // another group now
        assertThat(machine.host(2 * SECOND).cpu()).isNaN();
        limits = processors(0.5, -1); // which does not say
        assertThat(machine.host(3 * SECOND).cpu()).isNaN();
        limits = processors(0.5, 5 * SECOND);
        assertThat(machine.host(4 * SECOND).cpu()).isNaN();
        limits = processors(0.5, 9 * SECOND);
        assertThat(machine.host(5 * SECOND).cpu()).isEqualTo(1);
    }

    @Test
    void no_limit_is_no_container() {
        limits = new CgroupSample("cgroup v2", -1, 500, -1, 0, Double.NaN, -1);

        assertThat(machine().host(0).container()).isNull();
    }

    private static CgroupSample memory(long limit, long free) {
        return new CgroupSample("cgroup v2", limit, limit - free, free, 4, Double.NaN, -1);
    }

    private static CgroupSample processors(double limit, long usedNanos) {
        return new CgroupSample("cgroup v1", -1, 500, -1, 0, limit, usedNanos);
    }

    private Machine machine() {
        return new Machine(new ProcessSampler(proc), () -> limits);
    }

    private void stat(String line) throws IOException {
        Files.writeString(proc.resolve("stat"), line + "\ncpu0 1 1 1 1\nbtime 1000\n");
    }
}
