package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.ProcessNoticed;
import org.vivarium.api.view.resources.ProcessView;
import org.vivarium.api.view.resources.ResourcesView;
import org.vivarium.core.resource.ResourceMonitor;
import org.vivarium.testing.ProcessTable;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** What is seen of real processes within two looks: all of ours, what they do, and what becomes of them. */
@StartsProcesses
class ResourcesTest {
    @TempDir
    Path runs;

    private final List<ProcessNoticed> told = new CopyOnWriteArrayList<>();
    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        service = new RunningService(runs, RunningService.examplesAndMisbehaviour(1)).awaitReady(1);
        service.runtime().telemetry().addHandler(event -> {
            if (event instanceof ProcessNoticed noticed) {
                told.add(noticed);
            }
        });
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private ResourcesView look() {
        ResourceMonitor monitor = service.runtime().resources();
        monitor.sample();
        return monitor.view();
    }

    private ResourcesView twoLooks() {
        look();
        return look();
    }

    /** Waits, so that a look has something to measure: processor time is told in steps of 10 ms. */
    private static void pass(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        await(time.toString(), () -> System.nanoTime() - end >= 0);
    }

    private static ProcessView of(ResourcesView view, long pid) {
        return view.processes().stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElseThrow(() -> new AssertionError(pid + " is not among " + view.processes()));
    }

    private long worker() {
        return service.control().worker("default-1").pid();
    }

    private void assertTold(EventType type, long pid) {
        await(type.dotted(), () -> told.stream().anyMatch(event -> event.type() == type));
        twoLooks();
        service.close(); // and all events have arrived
        assertThat(told.stream().filter(event -> event.type() == type))
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.pid()).isEqualTo(pid);
                    assertThat(event.pool()).isEqualTo("default");
                    assertThat(event.worker()).isEqualTo("default-1");
                });
    }

    @Test
    void all_that_was_started_is_seen_with_what_it_uses() {
        ResourcesView view = twoLooks();

        assertThat(view.processes())
                .extracting(ProcessView::role)
                .containsExactlyInAnyOrder(ProcessRole.GUARDIAN, ProcessRole.FORK_SERVER, ProcessRole.WORKER);
        ProcessView guardian = view.processes().get(0);
        assertThat(guardian.role()).isEqualTo(ProcessRole.GUARDIAN);
        assertThat(guardian.parent()).isEqualTo(ProcessHandle.current().pid());
        ProcessView worker = of(view, worker());
        assertThat(worker.pool()).isEqualTo("default");
        assertThat(worker.name()).isEqualTo("default-1");
        assertThat(worker.rssBytes()).isGreaterThan(worker.privateBytes());
        assertThat(worker.privateBytes()).isPositive();
        assertThat(worker.threads()).isPositive();
        assertThat(worker.openDescriptors()).isPositive();
        assertThat(worker.cpuPercent()).isNotNegative();
        assertThat(worker.started())
                .isBetween(Instant.now().minusSeconds(300), Instant.now().plusSeconds(5));
        assertThat(view.host().memoryBytes()).isGreaterThan(view.host().availableBytes());
        assertThat(view.host().processors()).isPositive();
        assertThat(view.jvm().heapBytes()).isPositive();
        assertThat(view.jvm().threads()).isPositive();
        assertThat(view.jvm().openDescriptors()).isPositive();
        assertThat(view.zombies() + view.orphans()).isZero();
        assertThat(service.prometheus())
                .contains("vivarium_worker_resident_bytes{pool=\"default\",worker=\"default-1\"} ");
    }

    @Test
    void each_process_says_by_its_title_what_it_is() {
        assertThat(look().processes())
                .extracting(process -> Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"))
                        .replace("\0", ""))
                .map(title -> title.replaceFirst("\\d+$", "1")) // fork servers are numbered with guardians
                .containsExactlyInAnyOrder(
                        "vivarium: guardian", "vivarium: fork server 1", "vivarium: worker default-1");
    }

    @Test
    void what_the_watch_over_limits_has_seen_is_used_again() {
        service.pool().checkResources();
        long seen = service.control().worker("default-1").rssBytes();
        service.call("keep", "{\"megabytes\":16}");

        assertThat(of(look(), worker()).rssBytes()).isEqualTo(seen);
        service.pool().checkResources();
        assertThat(of(look(), worker()).rssBytes()).isGreaterThanOrEqualTo(seen + (16 << 20));
    }

    @Test
    void a_worker_that_was_killed_is_gone_and_its_successor_is_there() {
        long killed = worker();
        look();

        ProcessTable.signal("KILL", List.of(killed));
        await(
                "the successor",
                () -> service.control().workers().stream()
                        .anyMatch(each -> each.id().equals("default-2")));
        service.awaitReady(1);

        ResourcesView view = look();
        assertThat(view.processes()).noneMatch(process -> process.pid() == killed);
        assertThat(view.processes())
                .anyMatch(process -> "default-2".equals(process.name()) && process.role() == ProcessRole.WORKER);
        assertThat(view.zombies() + view.orphans()).isZero();
    }

    @Test
    void a_stopped_worker_is_seen_and_told_once() {
        long worker = worker();
        ProcessTable.signal("STOP", List.of(worker));
        try {
            await("stopped", () -> of(look(), worker).state().equals("T"));
            look();
            await("told", () -> !told.isEmpty());
        } finally {
            ProcessTable.signal("CONT", List.of(worker));
        }
        assertTold(EventType.RESOURCE_STOPPED, worker);
    }

    @Test
    void a_worker_that_leaks_grows_and_is_told_if_it_goes_on() {
        long worker = worker();
        look();
        for (int i = 0; i < 2; i++) {
            service.call("keep", "{\"megabytes\":8}");
            look();
        }
        ProcessView grown = of(service.runtime().resources().view(), worker);
        assertThat(grown.growthBytesPerMinute()).isPositive();
        assertThat(grown.growing()).isTrue();

        for (int i = 0; i < 26; i++) {
            service.call("keep", "{\"megabytes\":2}");
            look();
        }
        assertTold(EventType.RESOURCE_GROWING, worker);
    }

    @Test
    void a_worker_that_spins_uses_one_processor() {
        long worker = worker();
        CompletableFuture<String> spinning =
                RunningService.inBackground(() -> service.call("spin", "{\"seconds\":15}"));
        await("a call", () -> service.view().busy() == 1);

        await(
                "a worker that spins",
                () -> { // again if others use the processors of this machine
                    look();
                    pass(Duration.ofMillis(500));
                    double percent = of(look(), worker).cpuPercent();
                    return percent > 70 && percent < 130;
                });
        service.close();
        assertThat(spinning).failsWithin(Duration.ofSeconds(20));
    }

    @Test
    void a_zombie_is_counted_with_the_worker_that_does_not_wait_for_it() {
        long zombie = Long.parseLong(service.call("leave_zombie", "{}"));
        await("its end", () -> of(look(), zombie).state().equals("Z"));

        ResourcesView view = look();
        assertThat(view.zombies()).isEqualTo(1);
        assertThat(of(view, zombie).parent()).isEqualTo(worker());
        assertThat(of(view, zombie).worker()).isEqualTo("default-1");
        assertTold(EventType.RESOURCE_ZOMBIE, zombie);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void an_orphan_is_counted_with_the_worker_that_left_it_behind(boolean ownSession) {
        long orphan =
                Long.parseLong(service.call("leave_orphan", "{\"seconds\":60,\"own_session\":" + ownSession + '}'));

        ResourcesView view = twoLooks();

        ProcessView found = of(view, orphan);
        assertThat(view.orphans()).isEqualTo(1);
        assertThat(found.role()).isEqualTo(ProcessRole.ORPHAN);
        assertThat(found.worker()).isEqualTo("default-1");
        assertThat(of(view, found.parent()).role()).isEqualTo(ProcessRole.FORK_SERVER);

        ProcessTable.signal("KILL", List.of(worker()));
        await("its end with its worker", () -> look().orphans() == 0);
        assertThat(ProcessTable.runs(orphan)).isFalse();
        assertTold(EventType.RESOURCE_ORPHAN, orphan);
    }
}
