package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.ProcessRole;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.process.host.HostedProcess;
import org.vivarium.core.process.host.PythonHost;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.ProcessTable;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Processes that hang before a worker is ready, and those that should start workers and do not. */
@StartsProcesses
class HangingStartsTest {
    @TempDir
    Path directory;

    private RunningService service;
    private Path obstacle;

    private void start(String hang, String settings) throws IOException {
        obstacle = Files.createFile(directory.resolve("obstacle"));
        Files.writeString(directory.resolve("hanging.py"), """
                import os
                import time

                from vivarium_worker import on_start, program

                def wait_for_somebody():
                    while os.path.exists('%s'):
                        time.sleep(0.01)

                %s

                @program
                def hello() -> str:
                    return "hello"
                """.formatted(obstacle, hang));
        service = new RunningService(directory, """
                vivarium.pools.default {
                  workers.minimum = 2
                  %s
                  python { path = ["%s"], programs = [hanging] }
                }
                """.formatted(settings, directory));
    }

    @AfterEach
    void stop() {
        service.close();
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void a_fork_server_that_hangs_in_an_import_is_killed_with_its_stack_and_tried_again() throws IOException {
        start("wait_for_somebody()", "timeouts.load = 1 s");
        await("the problem", () -> service.view().problem() != null);

        assertThat(service.view().problem())
                .contains("has not imported hanging within LoadTimeoutMillis = 1000")
                .contains("it hangs here:")
                .contains("hanging.py\", line 8 in wait_for_somebody")
                .doesNotContain("importlib")
                .doesNotContain("vivarium_worker");
        assertThat(service.view().state()).isEqualTo("BROKEN");

        Files.delete(obstacle);
        service.awaitReady(2);
        assertThat(service.call("hello", "{}")).isEqualTo("\"hello\"");
        assertThat(forkServers()).hasSize(1);
    }

    @Test
    void a_worker_that_hangs_in_a_start_hook_is_killed_with_its_stack_and_tried_again() throws IOException {
        start("on_start(wait_for_somebody)", "timeouts.start = 1 s");
        await("the problem", () -> service.view().problem() != null);

        assertThat(service.view().problem())
                .contains("it was not ready within 1000 ms (StartTimeoutMillis); it hung here:")
                .contains("hanging.py\", line 8 in wait_for_somebody");

        Files.delete(obstacle);
        service.awaitReady(2);
    }

    @Test
    void the_import_of_a_worker_that_is_spawned_has_the_time_of_an_import() throws IOException {
        start("wait_for_somebody()", """
                timeouts { start = 100 ms, load = 900 ms }
                python.start-method = spawn
                """);
        await("the problem", () -> service.view().problem() != null);

        assertThat(service.view().problem())
                .contains("it was not ready within 1000 ms (StartTimeoutMillis); it hung here:")
                .contains("hanging.py\", line 8 in wait_for_somebody");
    }

    @Test
    void the_time_of_an_import_does_not_count_for_the_start_of_a_worker() throws IOException {
        start("wait_for_somebody()", "timeouts.start = 100 ms");
        await("the fork server", () -> forkServers().size() == 1);
        awaitSleeping(forkServers().get(0));
        Files.delete(obstacle);
        service.awaitReady(2);

        assertThat(service.view().problem()).isNull();
    }

    @Test
    void a_stopped_fork_server_is_replaced_and_its_workers_serve_on_until_they_go() throws IOException {
        try (CapturedLog log = new CapturedLog(PythonHost.class.getPackageName() + ".ForkServer")) {
            start("", "timeouts.fork-server = 2 s");
            service.awaitReady(2);
            long old = forkServers().get(0);
            List<WorkerView> before = service.control().workers();
            ProcessTable.signal("STOP", List.of(old));
            await("the discovery", () -> log.messages().stream().anyMatch(line -> line.contains("no heartbeat")));

            assertThat(log.messages())
                    .anySatisfy(line -> assertThat(line)
                            .startsWith("ERROR")
                            .contains("(pid " + old + ") has sent no heartbeat for")
                            .contains("its process is stopped by a signal")
                            .contains("another one takes its place, its own workers (2) go on"));
            assertThat(service.control().workers()).extracting(WorkerView::id).isEqualTo(ids(before));
            assertThat(service.call("hello", "{}")).isEqualTo("\"hello\"");

            service.control().recycle(before.get(0).id(), Actor.SERVICE);
            await(
                    "a worker of another fork server",
                    () -> forkServers().size() == 2
                            && service.view().ready() == 2
                            && service.view().size() == 2);
            ProcessTable.signal("KILL", List.of(before.get(1).pid()));
            await(
                    "the old one has gone",
                    () -> !ProcessHandle.of(old).map(ProcessHandle::isAlive).orElse(false));
            service.awaitReady(2);
            assertThat(forkServers()).hasSize(1).doesNotContain(old);
        }
    }

    @Test
    void a_stopped_guardian_is_replaced_when_a_fork_server_is_needed_and_ends_with_its_last_one() throws IOException {
        try (CapturedLog log = new CapturedLog(PythonHost.class.getPackageName() + ".Guardian")) {
            start("", "");
            Files.delete(obstacle);
            service.awaitReady(2);
            long old = pids(ProcessRole.GUARDIAN).get(0);
            ProcessTable.signal("STOP", List.of(old));
            await("the discovery", () -> log.messages().stream().anyMatch(line -> line.contains("no heartbeat")));

            assertThat(log.messages()).singleElement().asString().contains("its process is stopped by a signal");
            assertThat(service.call("hello", "{}")).isEqualTo("\"hello\"");
            ProcessTable.signal("KILL", forkServers());
            await("another guardian", () -> !pids(ProcessRole.GUARDIAN).contains(old));
            service.awaitReady(2);
            await("its end", () -> !ProcessTable.runs(old));
        }
    }

    private static List<String> ids(List<WorkerView> workers) {
        return workers.stream().map(WorkerView::id).toList();
    }

    private List<Long> forkServers() {
        return pids(ProcessRole.FORK_SERVER);
    }

    private List<Long> pids(ProcessRole role) {
        return service.runtime().host().processes().stream()
                .filter(process -> process.role() == role)
                .map(HostedProcess::pid)
                .toList();
    }

    private static void awaitSleeping(long pid) {
        await("an import that hangs", () -> ProcessTable.state(pid).equals("S"));
    }
}
