package org.vivarium.core.process.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of made-up control groups. */
class CgroupTest {
    private static final String NO_LIMIT_OF_VERSION_1 = "9223372036854771712";

    @TempDir
    Path root;

    private FakeCgroup files;

    @BeforeEach
    void none() {
        files = new FakeCgroup(root);
    }

    @Test
    void a_container_of_version_2_tells_limits_and_use() {
        files.unified()
                .unifiedFile("memory.max", "2147483648")
                .unifiedFile("memory.current", "1000000000")
                .unifiedFile("memory.stat", "anon 600000000", "inactive_file 300000000", "active_file 1")
                .unifiedFile("memory.events", "low 0", "max 12", "oom 3", "oom_kill 2", "oom_group_kill 1")
                .unifiedFile("cpu.max", "150000 100000")
                .unifiedFile("cpu.stat", "usage_usec 7000", "user_usec 4000");

        assertThat(files.sample())
                .isEqualTo(
                        new CgroupSample("cgroup v2", 2_147_483_648L, 1_000_000_000, 1_447_483_648, 2, 1.5, 7_000_000));
    }

    @Test
    void a_container_of_version_1_tells_limits_and_use() {
        files.separate("/docker/abc", "/docker/abc")
                .memoryFile("memory.limit_in_bytes", "2147483648")
                .memoryFile("memory.usage_in_bytes", "1000000000")
                .memoryFile("memory.stat", "inactive_file 1", "total_inactive_file 300000000")
                .memoryFile("memory.oom_control", "oom_kill_disable 0", "under_oom 0", "oom_kill 2")
                .cpuFile("cpu.cfs_quota_us", "50000")
                .cpuFile("cpu.cfs_period_us", "100000")
                .cpuFile("cpuacct.usage", "7000000");

        assertThat(files.sample())
                .isEqualTo(
                        new CgroupSample("cgroup v1", 2_147_483_648L, 1_000_000_000, 1_447_483_648, 2, 0.5, 7_000_000));
    }

    @Test
    void of_nested_groups_the_smallest_limit_counts_and_what_is_left_of_each() {
        files.unified("/pods/one/web")
                .unifiedFile("pods/one/web/memory.max", "3000")
                .unifiedFile("pods/one/web/memory.current", "500")
                .unifiedFile("pods/one/web/memory.events", "oom_kill 1")
                .unifiedFile("pods/one/web/cpu.max", "max 100000")
                .unifiedFile("pods/one/memory.max", "2000")
                .unifiedFile("pods/one/memory.current", "600")
                .unifiedFile("pods/one/memory.events", "oom_kill 7")
                .unifiedFile("pods/one/cpu.max", "200000 100000")
                .unifiedFile("pods/one/cpu.stat", "usage_usec 20")
                .unifiedFile("pods/memory.max", "9000")
                .unifiedFile("pods/memory.current", "8900")
                .unifiedFile("pods/cpu.max", "400000 100000")
                .unifiedFile("pods/cpu.stat", "usage_usec 40");

        assertThat(files.sample()).isEqualTo(new CgroupSample("cgroup v2", 2_000, 500, 100, 1, 2, 20_000));
    }

    @Test
    void a_group_of_version_1_without_hierarchy_does_not_limit_those_below() {
        files.separate("/", "/a/b")
                .memoryFile("a/b/memory.limit_in_bytes", "3000")
                .memoryFile("a/b/memory.use_hierarchy", "0")
                .memoryFile("a/memory.limit_in_bytes", "2000")
                .memoryFile("a/memory.use_hierarchy", "0")
                .memoryFile("memory.use_hierarchy", "1")
                .memoryFile("memory.limit_in_bytes", "9000");

        assertThat(files.sample().memoryLimitBytes()).isEqualTo(3_000);
    }

    @Test
    void no_limit_is_told_by_max_by_huge_numbers_and_by_minus_one() {
        files.unified().unifiedFile("memory.max", "max").unifiedFile("cpu.max", "max 100000");

        assertThat(files.sample()).isEqualTo(new CgroupSample("cgroup v2", -1, 0, -1, 0, Double.NaN, -1));

        files.separate("/", "/")
                .memoryFile("memory.limit_in_bytes", NO_LIMIT_OF_VERSION_1)
                .cpuFile("cpu.cfs_quota_us", "-1")
                .cpuFile("cpu.cfs_period_us", "100000");

        assertThat(files.sample()).isEqualTo(new CgroupSample("cgroup v1", -1, 0, -1, 0, Double.NaN, -1));
    }

    @Test
    void a_hybrid_system_has_its_controllers_in_version_1() {
        files.separate("/", "/x").memoryFile("x/memory.limit_in_bytes", "1000");
        files.write(
                "/proc/self/mountinfo",
                "29 28 0:26 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
                "31 28 0:28 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory");

        assertThat(files.sample().version()).isEqualTo("cgroup v1");
        assertThat(files.sample().memoryLimitBytes()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docker/abc", "/../../other", "/..", "/elsewhere"})
    void a_path_from_another_point_of_view_means_the_mounted_group(String seenFromOutside) {
        files.unified(seenFromOutside).unifiedFile("memory.max", "1000");

        assertThat(files.sample().memoryLimitBytes()).isEqualTo(1_000);
    }

    @Test
    void only_the_rest_of_a_path_below_the_mounted_group_is_below_the_mount_point() {
        files.separate("/docker/abc", "/docker/abc/inner")
                .memoryFile("memory.limit_in_bytes", "5000")
                .memoryFile("inner/memory.limit_in_bytes", "1000");

        assertThat(files.sample().memoryLimitBytes()).isEqualTo(1_000);

        files.separate("/docker/ab", "/docker/abc").memoryFile("c/memory.limit_in_bytes", "7");
        assertThat(files.sample().memoryLimitBytes()).isEqualTo(5_000);
    }

    @Test
    void mount_points_with_blanks_are_written_in_octal() {
        files.unified()
                .write("/proc/self/mountinfo", "28 27 0:26 / /my\\040groups rw - cgroup2 cgroup2 rw")
                .write("/my groups/memory.max", "1000");

        assertThat(files.sample().memoryLimitBytes()).isEqualTo(1_000);
    }

    @Test
    void processor_time_is_read_where_it_is_mounted_apart() {
        files.write("/proc/self/cgroup", "2:cpu:/x", "1:cpuacct:/x")
                .write(
                        "/proc/self/mountinfo",
                        "31 28 0:28 / /c rw - cgroup cgroup rw,cpu",
                        "32 28 0:29 / /a rw - cgroup cgroup rw,cpuacct")
                .write("/c/x/cpu.cfs_quota_us", "100000")
                .write("/c/x/cpu.cfs_period_us", "100000")
                .write("/a/x/cpuacct.usage", "42");

        assertThat(files.sample()).isEqualTo(new CgroupSample("cgroup v1", -1, 0, -1, 0, 1, 42));
    }

    @Test
    void an_old_kernel_counts_no_kills_but_how_often_a_limit_was_reached() {
        files.separate("/", "/a")
                .memoryFile("a/memory.oom_control", "oom_kill_disable 0", "under_oom 0")
                .memoryFile("a/memory.failcnt", "3")
                .memoryFile("memory.failcnt", "1");

        assertThat(files.sample().memoryKills()).isEqualTo(4);
    }

    @Test
    void without_control_groups_there_is_no_limit() {
        assertThat(files.sample()).isEqualTo(CgroupSample.NONE);

        files.write("/proc/self/mountinfo", "22 28 0:20 / /proc rw - proc proc rw");
        assertThat(files.sample()).isEqualTo(CgroupSample.NONE);
    }

    @Test
    void garbage_is_no_limit_and_no_error() {
        files.write("/proc/self/cgroup", "", ":", "0", "x:y", "\0\0")
                .write(
                        "/proc/self/mountinfo",
                        "",
                        " - ",
                        "1 2 3 - cgroup2",
                        "1 2 3 / - cgroup2 a b",
                        "1 2 3 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw")
                .unifiedFile("memory.max", "much")
                .unifiedFile("memory.current", "-5")
                .unifiedFile("memory.stat", "inactive_file", "inactive_file x")
                .unifiedFile("memory.events", "oom_kill many")
                .unifiedFile("cpu.max", "100000 0")
                .unifiedFile("cpu.stat", "usage_usec 99999999999999999999");

        assertThat(files.sample()).isEqualTo(new CgroupSample("cgroup v2", -1, 0, -1, 0, Double.NaN, -1));

        files.unifiedFile("memory.max", "1000").unifiedFile("cpu.max", "");
        assertThat(files.sample()).isEqualTo(new CgroupSample("cgroup v2", 1_000, 0, 1_000, 0, Double.NaN, -1));
    }

    @Test
    void what_is_used_beyond_the_limit_leaves_nothing() {
        files.unified().unifiedFile("memory.max", "1000").unifiedFile("memory.current", "1100");

        assertThat(files.sample().memoryFreeBytes()).isZero();
    }

    @Test
    void this_process_is_somewhere() {
        assertThat(Cgroup.ofThisProcess().sample().memoryBytes()).isNotNegative();
    }
}
