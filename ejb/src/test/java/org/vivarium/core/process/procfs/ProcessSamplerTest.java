package org.vivarium.core.process.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read of a process, of this one and of made-up ones. */
class ProcessSamplerTest {
    @TempDir
    Path proc;

    @Test
    void a_sample_tells_what_the_kernel_knows_of_this_process() {
        long pid = ProcessHandle.current().pid();

        ProcessSample sample = ProcessSampler.ofThisMachine().sample(pid, null, true);

        assertThat(sample).isNotNull();
        assertThat(sample.rssBytes()).isGreaterThan(10 << 20);
        assertThat(sample.privateBytes()).isPositive();
        assertThat(sample.cpuMillis()).isPositive();
        assertThat(sample.threads()).isGreaterThan(1);
        assertThat(sample.openDescriptors()).isGreaterThan(2);
        assertThat(sample.state()).isIn('R', 'S');
    }

    @Test
    void a_name_with_blanks_and_parentheses_misleads_nobody() throws IOException {
        write("7 (a ) (b) S 1 7 7 0 -1 0 0 0 0 0 30 12 0 0 20 0 3 0 5550 9 9", 2048);

        assertThat(new ProcessSampler(proc).sample(7, null, false))
                .isEqualTo(new ProcessSample(7, 1, 7, 5550, 'S', 2048 * 1024, 0, 420, 3, 0));
    }

    @Test
    void private_memory_is_kept_between_the_looks_that_ask_for_it() throws IOException {
        write("7 (a) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 5550 9 9", 2048);
        ProcessSampler sampler = new ProcessSampler(proc);

        ProcessSample first = sampler.sample(7, null, true);
        Files.writeString(proc.resolve("7/smaps_rollup"), "Private_Dirty: 999 kB\n");

        assertThat(first.privateBytes()).isEqualTo(30 * 1024);
        assertThat(sampler.sample(7, first, false).privateBytes()).isEqualTo(30 * 1024);
        assertThat(sampler.sample(7, first, true).privateBytes()).isEqualTo(999 * 1024);
    }

    @Test
    void another_process_that_got_the_same_id_is_not_taken_for_the_one_before() throws IOException {
        write("7 (a) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 5550 9 9", 2048);
        ProcessSample before = new ProcessSampler(proc).sample(7, null, false);
        write("7 (a) S 1 7 7 0 -1 0 0 0 0 0 0 0 0 0 20 0 3 0 5551 9 9", 2048);

        assertThat(new ProcessSampler(proc).sample(7, before, false)).isNull();
    }

    @Test
    void a_process_that_is_gone_or_half_gone_is_no_sample() throws IOException {
        assertThat(new ProcessSampler(proc).sample(8, null, true)).isNull();
        write("7 (a) ", 1);
        assertThat(new ProcessSampler(proc).sample(7, null, false)).isNull();
    }

    @Test
    void where_there_is_no_proc_there_are_no_samples() {
        assertThat(new ProcessSampler(proc).isAvailable()).isFalse();
        assertThat(ProcessSampler.ofThisMachine().isAvailable()).isTrue();
    }

    private void write(String stat, int rssKibibytes) throws IOException {
        Path process = Files.createDirectories(proc.resolve("7"));
        Files.writeString(process.resolve("stat"), stat);
        Files.writeString(process.resolve("status"), "Name:\ta\nVmRSS:\t   " + rssKibibytes + " kB\nThreads:\t3\n");
        Files.writeString(process.resolve("smaps_rollup"), "Rss: 90 kB\nPrivate_Clean: 10 kB\nPrivate_Dirty: 20 kB\n");
    }
}
