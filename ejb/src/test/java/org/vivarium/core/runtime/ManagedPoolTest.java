package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** What an operator does to a pool of real Python processes, and sees of its workers. */
@StartsProcesses
class ManagedPoolTest {
    @TempDir
    Path runs;

    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        service = new RunningService(runs, RunningService.examplesAndMisbehaviour(2)).awaitReady(2);
    }

    @AfterEach
    void stop() {
        service.close();
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .as("no Python process outlives the service")
                .isEmpty();
    }

    @Test
    void the_number_of_processes_follows_minimum_and_maximum() {
        service.operations().pool("default").configure(Map.of("MinimumWorkers", 5), Actor.SERVICE);
        service.awaitReady(5);

        service.operations().pool("default").configure(Map.of("MinimumWorkers", 1, "MaximumWorkers", 1), Actor.SERVICE);
        service.awaitReady(1);

        assertThat(service.view().totals().died()).isZero();
        assertStillServes();
    }

    @Test
    void shrinking_waits_for_running_calls() {
        CompletableFuture<byte[]> one = async("sleep", "{\"seconds\":1}");
        CompletableFuture<byte[]> two = async("sleep", "{\"seconds\":1}");
        await("both busy", () -> service.view().busy() == 2);

        service.operations().pool("default").configure(Map.of("MinimumWorkers", 1, "MaximumWorkers", 1), Actor.SERVICE);

        assertThat(one).succeedsWithin(Duration.ofSeconds(10));
        assertThat(two).succeedsWithin(Duration.ofSeconds(10));
        service.awaitReady(1);
    }

    @Test
    void a_recycled_worker_is_replaced_before_it_goes() {
        WorkerView old = service.control().workers().get(0);

        service.operations().pool("default").recycle(old.id(), Actor.SERVICE);

        await("recycled", () -> service.view().totals().recycled() == 1);
        service.awaitReady(2);
        assertThat(service.control().workers()).extracting(WorkerView::id).doesNotContain(old.id());
        assertThat(service.control().worker(old.id()).history())
                .extracting(transition -> transition.to().name())
                .endsWith("DRAINING", "TERMINATING", "TERMINATED");
    }

    @Test
    void a_worker_that_does_not_answer_is_degraded_and_comes_back() throws Exception {
        service.operations()
                .pool("default")
                .configure(
                        Map.of(
                                "HealthCheckTimeoutMillis",
                                50,
                                "HealthRecheckMillis",
                                100,
                                "MaximumHealthFailures",
                                100),
                        Actor.SERVICE);
        WorkerView frozen = service.control().workers().get(0);
        signal(frozen.pid(), "STOP");

        service.pool().checkHealth();
        assertThat(service.control().worker(frozen.id()).state()).isEqualTo(WorkerState.DEGRADED);
        assertStillServes();

        signal(frozen.pid(), "CONT");
        service.awaitReady(2);
        assertThat(service.control().worker(frozen.id()).healthFailures()).isZero();
        assertStillServes();
    }

    @Test
    void a_worker_that_never_answers_again_is_replaced_after_the_third_check() throws Exception {
        service.operations()
                .pool("default")
                .configure(Map.of("HealthCheckTimeoutMillis", 50, "HealthRecheckMillis", 100), Actor.SERVICE);
        WorkerView frozen = service.control().workers().get(0);
        signal(frozen.pid(), "STOP");

        service.pool().checkHealth();

        await("replaced", () -> service.view().totals().started() == 3);
        service.awaitReady(2);
        assertThat(service.control().worker(frozen.id()).history())
                .anyMatch(transition -> transition.reason().equals("TOO_MANY_HEALTH_FAILURES"));
    }

    @Test
    void the_stacks_of_a_busy_worker_name_the_line_that_runs() {
        CompletableFuture<byte[]> call = async("sleep", "{\"seconds\":3}");
        await("busy", () -> service.view().busy() == 1);
        WorkerView busy = service.control().workers().stream()
                .filter(worker -> worker.state() == WorkerState.BUSY)
                .findFirst()
                .orElseThrow();

        await("the program", () -> service.control().dumpStacks(busy.id()).contains("in sleep"));
        assertThat(call).succeedsWithin(Duration.ofSeconds(10));
    }

    private void assertStillServes() {
        for (int i = 0; i < 4; i++) {
            assertThat(service.call("echo", "{\"i\":" + i + "}")).isEqualTo("{\"i\":" + i + "}");
        }
    }

    private CompletableFuture<byte[]> async(String program, String inputs) {
        return service.operations()
                .pool("default")
                .callAsync(program, Payload.of(inputs.getBytes(UTF_8)), CallOptions.DEFAULT)
                .thenApply(Payload::json);
    }

    private static void signal(long pid, String name) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + name, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }
}
