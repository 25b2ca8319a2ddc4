package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** What operators have real workers do: their stacks, whatever they are at, and their garbage. */
@StartsProcesses
class StacksTest {
    @TempDir
    Path runs;

    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        service = new RunningService(runs, RunningService.examplesAndMisbehaviour(1)).awaitReady(1);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void an_idle_worker_waits_for_a_call_and_serves_on() {
        assertThat(service.call("echo", "{}")).isEqualTo("{}"); // it is ready before it comes to wait

        assertThat(stacks()).contains("calls/slot.py", "in serve", "heartbeat.py");
        assertThat(service.call("echo", "{}")).isEqualTo("{}");
    }

    @ParameterizedTest
    @CsvSource({
        "sleep, '{\"seconds\":60}', in sleep",
        "spin, '{\"seconds\":60}', in spin",
        "hold_gil, '{\"rounds\":20000000000}', in hold_gil",
        "in_threads, '{\"seconds\":60}', in _wait_in_thread"
    })
    void a_busy_worker_shows_where_it_is(String program, String inputs, String place) {
        CompletableFuture<byte[]> call = service.operations()
                .pool("default")
                .callAsync(program, Payload.of(inputs.getBytes(UTF_8)), CallOptions.DEFAULT)
                .thenApply(Payload::json);
        await("the call", () -> service.view().busy() == 1);

        await(place, () -> stacks().contains(place));

        assertThat(call).isNotDone();
        assertThat(stacks()).contains("in " + program).doesNotContain("guardian/", "forkserver/", "boot.py", "\f");
    }

    @Test
    void a_worker_that_many_asked_while_it_was_stopped_serves_on_once_it_goes_on() throws Exception {
        WorkerView worker = service.control().workers().get(0);
        signal("STOP", worker.pid());
        AtomicInteger asked = new AtomicInteger();
        await("a second and more of questions", () -> {
            CompletableFuture<String> unused = service.control().dumpStacksAsync(worker.id(), Runnable::run);
            return asked.incrementAndGet() == 1_500;
        });
        signal("CONT", worker.pid());

        assertThat(stacks()).contains("in _await_bytes");
        assertThat(service.call("echo", "{}")).isEqualTo("{}");
        assertThat(service.control().workers()).extracting(WorkerView::pid).containsExactly(worker.pid());
    }

    @Test
    void an_idle_worker_collects_its_garbage_and_serves_on() {
        String worker = service.control().workers().get(0).id();
        service.control().collectGarbage(worker, new Actor("ada", "rest"));
        service.call("make_garbage", "{\"cycles\":1000}");

        assertThat(service.control().collectGarbage(worker, new Actor("ada", "rest")))
                .isGreaterThanOrEqualTo(1_000);
        assertThat(service.call("echo", "{}")).isEqualTo("{}");
    }

    private static void signal(String signal, long pid) throws Exception {
        assertThat(new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                        .start()
                        .waitFor())
                .isZero();
    }

    private String stacks() {
        return service.control().dumpStacks(service.control().workers().get(0).id());
    }
}
