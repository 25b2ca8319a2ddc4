package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.core.process.cgroup.FakeCgroup;

/** The processors of the machine or of made-up containers, whichever are fewer. */
class MeasuredHostTest {
    @TempDir
    Path root;

    @Test
    void a_container_of_version_2_limits_the_processors() {
        FakeCgroup files = new FakeCgroup(root).unified();

        assertThat(processors(files.unifiedFile("cpu.max", "max 100000"))).isEqualTo(8);
        assertThat(processors(files.unifiedFile("cpu.max", "250000 100000"))).isEqualTo(2.5);
        assertThat(processors(files.unifiedFile("cpu.max", "1600000 100000"))).isEqualTo(8);
    }

    @Test
    void a_container_of_version_1_limits_the_processors() {
        FakeCgroup files =
                new FakeCgroup(root).separate("/docker/abc", "/docker/abc").cpuFile("cpu.cfs_period_us", "100000");

        assertThat(processors(files.cpuFile("cpu.cfs_quota_us", "-1"))).isEqualTo(8);
        assertThat(processors(files.cpuFile("cpu.cfs_quota_us", "50000"))).isEqualTo(0.5);
    }

    @Test
    void this_process_has_some() {
        assertThat(MeasuredHost.now().processors()).isPositive();
        assertThat(MeasuredHost.now().heapBytes()).isPositive();
    }

    private static double processors(FakeCgroup files) {
        return MeasuredHost.of(8, files.sample()).processors();
    }
}
