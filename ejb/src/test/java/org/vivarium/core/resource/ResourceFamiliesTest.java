package org.vivarium.core.resource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.management.Description;
import org.vivarium.api.management.ResourcesMXBean;
import org.vivarium.api.operation.MetricsFormat;
import org.vivarium.api.view.resources.ContainerView;
import org.vivarium.api.view.resources.HostView;
import org.vivarium.api.view.resources.JvmView;
import org.vivarium.api.view.resources.MachineView;
import org.vivarium.api.view.resources.ProcessView;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.core.metrics.exposition.MetricFamilies;

/** What Prometheus is told of resources, and what the documents say of it. */
class ResourceFamiliesTest {
    private static final Path DOCUMENT = Path.of(System.getProperty("vivarium.root"), "docs", "METRICS.md");

    private final List<ProcessView> processes = new ArrayList<>();
    private @Nullable ContainerView container;

    @Test
    void numbers_of_all_of_roles_and_of_workers_have_their_labels() {
        add(1, ProcessRole.GUARDIAN, "g", null);
        add(2, ProcessRole.WORKER, "p-1", "p");
        add(3, ProcessRole.CHILD, null, "p");
        add(4, ProcessRole.ORPHAN, null, null);

        assertThat(text())
                .contains(
                        "vivarium_host_cpu_ratio 0.5",
                        "vivarium_jvm_cpu_seconds_total 1.5",
                        "vivarium_zombie_processes 2.0",
                        "vivarium_resources_look_seconds 0.004",
                        "vivarium_processes{role=\"fork_server\"} 0.0",
                        "vivarium_processes{role=\"orphan\"} 1.0",
                        "vivarium_processes_resident_bytes{role=\"worker\"} 200.0",
                        "vivarium_worker_resident_bytes{pool=\"p\",worker=\"p-1\"} 200.0",
                        "vivarium_worker_cpu_seconds_total{pool=\"p\",worker=\"p-1\"} 0.25",
                        "vivarium_worker_growth_bytes_per_minute{pool=\"p\",worker=\"p-1\"} NaN");
    }

    @Test
    void without_limits_of_a_container_its_numbers_say_so() {
        assertThat(text())
                .contains(
                        "vivarium_host_processors 2.0",
                        "vivarium_host_memory_bytes 100.0",
                        "vivarium_machine_memory_bytes 400.0",
                        "vivarium_container_processors NaN",
                        "vivarium_container_memory_limit_bytes -1.0",
                        "vivarium_container_memory_bytes 0.0",
                        "vivarium_container_memory_kills_total 0.0");
    }

    @Test
    void limits_of_a_container_are_told() {
        container = new ContainerView("cgroup v2", 1.5, 0.75, 100, 60, 3);

        assertThat(text())
                .contains(
                        "vivarium_container_processors 1.5",
                        "vivarium_container_memory_limit_bytes 100.0",
                        "vivarium_container_memory_bytes 60.0",
                        "vivarium_container_memory_kills_total 3.0");
    }

    @Test
    void workers_beyond_the_first_hundred_of_a_pool_are_added_up() {
        for (int i = 1; i <= ResourceFamilies.MOST_WORKERS + 3; i++) {
            add(i, ProcessRole.WORKER, "p-" + i, "p");
        }
        add(1_000, ProcessRole.WORKER, "q-1", "q");

        List<String> descriptors = text().stream()
                .filter(line -> line.startsWith("vivarium_worker_open_descriptors{"))
                .toList();

        assertThat(descriptors)
                .hasSize(ResourceFamilies.MOST_WORKERS + 2)
                .contains(
                        "vivarium_worker_open_descriptors{pool=\"p\",worker=\"p-100\"} 9.0",
                        "vivarium_worker_open_descriptors{pool=\"p\",worker=\"_other\"} 27.0",
                        "vivarium_worker_open_descriptors{pool=\"q\",worker=\"q-1\"} 9.0");
    }

    @Test
    void the_document_has_every_number_in_the_order_of_the_code() throws Exception {
        List<String> lines = Files.readAllLines(DOCUMENT);

        assertThat(lines.stream()
                        .skip(lines.indexOf("## Of machine, JVM and processes") + 1L)
                        .takeWhile(line -> !line.startsWith("## "))
                        .filter(line -> line.startsWith("| `")))
                .containsExactlyElementsOf(Arrays.stream(ResourceMetric.values())
                        .map(ResourceFamiliesTest::row)
                        .toList());
    }

    private static String row(ResourceMetric metric) {
        ResourceMetric.Take take = metric.take();
        String labels = take instanceof ResourceMetric.OfAll
                ? ""
                : take instanceof ResourceMetric.OfRole ? "`role`" : "`pool`, `worker`";
        return "| `%s` | %s | %s | %s |"
                .formatted(metric.exposition(), labels, metric.isCounter() ? "counter" : "gauge", metric.description());
    }

    @Test
    void jmx_describes_the_same_numbers_in_the_same_words() {
        List<ResourceMetric> shown = Arrays.stream(ResourceMetric.values())
                .filter(metric -> !metric.attribute().isEmpty())
                .toList();

        assertThat(shown).hasSizeGreaterThan(10).allSatisfy(metric -> {
            Method getter = ResourcesMXBean.class.getMethod("get" + metric.attribute());
            assertThat(getter.getAnnotation(Description.class).value()).isEqualTo(metric.description());
        });
    }

    private void add(long pid, ProcessRole role, String name, String pool) {
        processes.add(new ProcessView(
                pid,
                1,
                role,
                name,
                pool,
                name,
                "S",
                Instant.EPOCH,
                100 * pid,
                10,
                250,
                Double.NaN,
                3,
                9,
                Double.NaN,
                false));
    }

    private List<String> text() {
        ResourcesView view = new ResourcesView(
                Instant.ofEpochSecond(1),
                4,
                new HostView(2, 0.5, 1, 100, 50, new MachineView(4, 0.25, 400, 300), container),
                new JvmView(1, 1_500, 10, 1, 2, 3, 4, 5, 6, 7, 8),
                2,
                1,
                processes);
        MetricFamilies families = new MetricFamilies();
        ResourceFamilies.add(view, families);
        return new String(families.write(MetricsFormat.PROMETHEUS), UTF_8)
                .lines()
                .toList();
    }
}
