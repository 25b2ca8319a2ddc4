package org.vivarium.core.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.ProcessNoticed;
import org.vivarium.api.view.resources.ProcessView;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.core.process.host.HostedProcess;
import org.vivarium.core.process.procfs.ProcessSample;
import org.vivarium.core.process.procfs.TimedSample;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.ManualTicker;

/** Looks at made-up processes, 5 s apart. Guardian 10, fork server 20, worker 30. */
class ResourceMonitorTest {
    private static final Duration STEP = Duration.ofSeconds(5);

    @TempDir
    Path root;

    private final ManualTicker ticker = new ManualTicker();
    private final List<HostedProcess> started = new ArrayList<>();
    private final List<ProcessNoticed> told = new CopyOnWriteArrayList<>();
    private final Telemetry telemetry = new Telemetry(Thread::new);
    private FakeProc proc;
    private ResourceMonitor monitor;

    @BeforeEach
    void start() {
        proc = new FakeProc(root).put(10, 5, 10, 'S').put(20, 10, 10, 'S').put(30, 20, 30, 'S');
        started.add(new HostedProcess(10, ProcessRole.GUARDIAN, "g", null, null));
        started.add(new HostedProcess(20, ProcessRole.FORK_SERVER, "f", null, null));
        started.add(worker(30, null));
        monitor = new ResourceMonitor(() -> started, proc.source(), telemetry, ticker, () -> Instant.MAX);
        telemetry.addHandler(event -> told.add((ProcessNoticed) event));
        telemetry.start();
    }

    @AfterEach
    void close() {
        telemetry.close();
    }

    private static HostedProcess worker(long pid, @Nullable TimedSample lastSample) {
        return new HostedProcess(pid, ProcessRole.WORKER, "p-1", "p", lastSample);
    }

    private ResourcesView look() {
        monitor.sample();
        ticker.advance(STEP);
        return monitor.view();
    }

    private ResourcesView looks(int times) {
        for (int i = 1; i < times; i++) {
            look();
        }
        return look();
    }

    private static @Nullable ProcessView of(ResourcesView view, long pid) {
        return view.processes().stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElse(null);
    }

    /** Returns what was told once all of it has arrived. */
    private List<String> told() {
        await("all events", () -> telemetry.waiting() == 0);
        telemetry.close();
        return told.stream()
                .map(event -> "%s %d of %s in %s, %s"
                        .formatted(event.name(), event.pid(), event.worker(), event.pool(), event.role()))
                .toList();
    }

    @Test
    void who_asks_before_the_first_look_has_it_made() {
        assertThat(monitor.view().at()).isEqualTo(Instant.MAX);
    }

    @Test
    void what_processes_are_follows_from_what_was_started_and_from_their_parents() {
        proc.put(31, 30, 30, 'S').put(32, 31, 31, 'R').put(21, 20, 10, 'S');

        ResourcesView view = looks(3);

        assertThat(view.processes())
                .extracting(process -> process.pid() + " " + process.role() + " " + process.name() + " "
                        + process.pool() + " " + process.worker())
                .containsExactlyInAnyOrder(
                        "10 GUARDIAN g null null",
                        "20 FORK_SERVER f null null",
                        "30 WORKER p-1 p p-1",
                        "31 CHILD null p p-1",
                        "32 CHILD null p p-1",
                        "21 CHILD null null null"); // started by an import: it is in the session of the fork server
        assertThat(told()).isEmpty();
    }

    @Test
    void processes_that_are_not_below_a_guardian_are_not_ours() {
        proc.put(40, 5, 40, 'S').put(41, 40, 40, 'Z');

        assertThat(looks(3).processes()).extracting(ProcessView::pid).containsExactlyInAnyOrder(10L, 20L, 30L);
    }

    @Test
    void a_zombie_counts_and_is_told_at_the_second_look_once() {
        proc.put(31, 30, 30, 'Z');

        assertThat(look().zombies()).isZero();
        assertThat(look().zombies()).isEqualTo(1);
        assertThat(looks(3).zombies()).isEqualTo(1);
        proc.end(31);
        assertThat(look().zombies()).isZero();
        assertThat(told()).containsExactly("resource.zombie 31 of p-1 in p, CHILD");
    }

    @Test
    void a_zombie_that_is_gone_at_the_next_look_is_normal() {
        proc.put(31, 30, 30, 'Z');
        look();
        proc.end(31);

        assertThat(looks(2).zombies()).isZero();
        assertThat(told()).isEmpty();
    }

    @Test
    void an_orphan_is_known_by_the_session_of_its_worker() {
        proc.put(33, 20, 30, 'S');

        assertThat(look().orphans()).isZero();
        ResourcesView view = look();

        assertThat(view.orphans()).isEqualTo(1);
        assertThat(of(view, 33).role()).isEqualTo(ProcessRole.ORPHAN);
        assertThat(of(view, 33).worker()).isEqualTo("p-1");
        assertThat(looks(2).orphans()).isEqualTo(1);
        assertThat(told()).containsExactly("resource.orphan 33 of p-1 in p, ORPHAN");
    }

    @Test
    void an_orphan_in_a_session_of_its_own_is_known_by_its_environment_or_by_its_past_or_not_at_all() {
        proc.put(33, 20, 99, 'S').environment(33, "A=b\0VIVARIUM_WORKER=p-1\0C=d");
        proc.put(34, 20, 99, 'S').environment(34, "VIVARIUM_WORKER=p-0");
        proc.put(35, 20, 99, 'S');
        proc.put(36, 30, 30, 'S');
        look();
        proc.put(36, 20, 36, 'S');

        ResourcesView view = looks(2);

        assertThat(view.orphans()).isEqualTo(4);
        assertThat(of(view, 34).pool()).isNull();
        assertThat(told())
                .containsExactlyInAnyOrder(
                        "resource.orphan 33 of p-1 in p, ORPHAN",
                        "resource.orphan 34 of p-0 in , ORPHAN",
                        "resource.orphan 35 of null in , ORPHAN",
                        "resource.orphan 36 of p-1 in p, ORPHAN");
    }

    @Test
    void one_that_has_left_the_family_is_remembered_until_it_ends() {
        proc.put(31, 30, 30, 'S');
        look();
        proc.reparent(31, 31);

        ResourcesView view = looks(2);
        assertThat(of(view, 31).role()).isEqualTo(ProcessRole.ORPHAN);
        assertThat(of(view, 31).parent()).isEqualTo(1);
        proc.end(31);

        assertThat(of(look(), 31)).isNull();
        assertThat(told()).containsExactly("resource.orphan 31 of p-1 in p, ORPHAN");
    }

    @Test
    void a_worker_that_no_pool_knows_yet_is_no_orphan() {
        proc.put(37, 20, 37, 'S');
        look();
        started.add(worker(37, null));

        ResourcesView view = look();

        assertThat(of(view, 37).role()).isEqualTo(ProcessRole.WORKER);
        assertThat(looks(2).orphans()).isZero();
        assertThat(told()).isEmpty();
    }

    @Test
    void a_stopped_process_is_told_once_each_time() {
        proc.put(30, 20, 30, 'T');
        looks(4);
        proc.put(30, 20, 30, 'S');
        look();
        proc.put(30, 20, 30, 'T');
        looks(3);

        assertThat(told())
                .containsExactly("resource.stopped 30 of p-1 in p, WORKER", "resource.stopped 30 of p-1 in p, WORKER");
    }

    @Test
    void growth_shows_at_the_third_look_and_is_told_after_two_minutes_of_it() {
        for (int i = 0; i < ResourceMonitor.LOOKS_OF_GROWTH + 2; i++) {
            proc.memory(30, 10_000 + 1_000L * i, 10);
            ProcessView worker = of(look(), 30);
            assertThat(worker.growing()).as("look " + i).isEqualTo(i >= 2);
            if (i == ResourceMonitor.LOOKS_OF_GROWTH) {
                await("whatever is told", () -> telemetry.waiting() == 0);
                assertThat(told).isEmpty();
            }
        }

        assertThat(of(monitor.view(), 30).growthBytesPerMinute()).isEqualTo(12 * 1_000 * 1_024);
        looks(5);
        assertThat(told()).containsExactly("resource.growing 30 of p-1 in p, WORKER");
        assertThat(told.get(0).type()).isEqualTo(EventType.RESOURCE_GROWING);
        assertThat(told.get(0).growthBytesPerMinute()).isEqualTo(12.0 * 1_000 * 1_024);
    }

    @Test
    void what_somebody_else_has_just_seen_is_not_looked_at_again() {
        proc.vanish(30);
        ProcessSample seen = new ProcessSample(30, 20, 30, 100, 'R', 77, 7, 1_000, 1, 1);
        started.set(2, worker(30, new TimedSample(seen, ticker.nanos())));

        assertThat(of(look(), 30).rssBytes()).isEqualTo(77);
        ProcessSample later = new ProcessSample(30, 20, 30, 100, 'R', 78, 7, 6_000, 1, 1);
        started.set(2, worker(30, new TimedSample(later, ticker.nanos())));
        assertThat(of(look(), 30).cpuPercent()).isEqualTo(100);
        assertThat(of(look(), 30)).as("too old to be believed").isNull();
    }

    @Test
    void private_memory_is_looked_at_first_and_then_once_a_minute() {
        assertThat(of(look(), 30).privateBytes()).isEqualTo(10 * 1_024);
        proc.memory(30, 1_000, 20);
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < ResourceMonitor.PRIVATE_EVERY; i++) {
            seen.add(of(look(), 30).privateBytes());
        }

        assertThat(seen).contains(10L * 1_024).endsWith(20L * 1_024);
    }

    @Test
    void one_that_vanishes_or_cannot_be_read_or_is_garbage_is_no_error_and_spoils_nothing() {
        proc.put(31, 30, 30, 'S').put(32, 30, 30, 'S').put(33, 30, 30, 'S').put(34, 30, 30, 'S');
        look();
        proc.vanish(31);
        proc.write(32, "stat", "32 (a) S x y z");
        proc.write(33, "stat", "\0\1\2");
        proc.write(34, "stat", "34 (a) S 30 b c d e f g h i j k l m n o p q r s");

        ResourcesView view = look();

        assertThat(view.processes()).extracting(ProcessView::pid).containsExactlyInAnyOrder(10L, 20L, 30L);
        assertThat(view.host().cpu()).isNaN();
        assertThat(view.host().memoryBytes()).isZero();
        assertThat(view.jvm().cpuPercent()).isNaN();
        assertThat(view.jvm().heapBytes()).isPositive();
    }

    @Test
    void another_process_that_got_the_same_id_begins_anew() {
        proc.put(31, 30, 30, 'S');
        looks(3);
        proc.put(31, 30, 30, 'S', 200);
        look();

        ProcessView anew = of(look(), 31);
        assertThat(anew.growthBytesPerMinute()).isNaN();
        assertThat(anew.cpuPercent()).isNaN();
    }

    @Test
    void there_is_an_end_to_how_many_are_looked_at_and_that_is_logged_once() {
        for (int i = 0; i < Census.MOST; i++) {
            proc.put(1_000 + i, 30, 30, 'S');
        }
        try (CapturedLog log = new CapturedLog(ResourceMonitor.class)) {
            assertThat(looks(2).processes()).hasSize(Census.MOST);
            assertThat(log.messages()).singleElement().asString().startsWith("WARN there are at least 1000 processes");
        }
    }
}
