package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerHealth;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.worker.DecisionView;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.ProcessTable;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Real workers that send no heartbeats, some of them hung and others only busy. */
@StartsProcesses
class SilentWorkersTest {
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(200).toNanos();

    @TempDir
    Path runs;

    private RunningService service;

    @BeforeEach
    void start() throws IOException {
        String heartbeats = "recovery { heartbeat = 100 ms, maximum-missed-heartbeats = 20, retries = 0 }\n  python {";
        service = new RunningService(
                        runs, RunningService.examplesAndMisbehaviour(2).replace("python {", heartbeats))
                .awaitReady(2);
    }

    @AfterEach
    void stop() {
        service.close();
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void a_busy_worker_that_is_stopped_fails_its_call_with_the_length_of_its_silence_and_is_replaced() {
        CompletableFuture<byte[]> call = async("sleep", "{\"seconds\":600}");
        WorkerView stopped = awaitBusy("in sleep");
        ProcessTable.signal("STOP", List.of(stopped.pid()));

        PythonException failure = lookUntilFailed(call);

        assertThat(failure.category()).isEqualTo(ErrorCategory.COMMUNICATION_ERROR);
        assertThat(failure.type()).isEqualTo("WorkerLost");
        assertThat(failure.getMessage())
                .matches("worker " + stopped.id() + " of pool 'default' gave no sign of life for [0-9]+ ms "
                        + "\\(20 heartbeats of 100 ms are allowed to be missing; the process is stopped by a signal\\) "
                        + "and was terminated while it ran 'sleep'; .*");
        service.awaitReady(2);
        assertThat(service.control().worker(stopped.id()).health()).isEqualTo(WorkerHealth.UNHEALTHY);
        assertThat(service.view().decisions())
                .singleElement()
                .extracting(DecisionView::worker, DecisionView::failure, DecisionView::decision)
                .containsExactly(stopped.id(), "HEARTBEAT_LOST", "REPLACE_NOW");
    }

    @Test
    void a_worker_that_hangs_in_c_and_never_lets_go_of_the_interpreter_is_replaced() {
        CompletableFuture<byte[]> call = async("hang_in_c", "{}");
        awaitBusy("in hang_in_c");

        assertThat(lookUntilFailed(call)).hasMessageContaining("the process sleeps and uses hardly any processor time");
        service.awaitReady(2);
    }

    @Test
    void a_worker_that_computes_in_c_and_never_lets_go_of_the_interpreter_is_left_alone() {
        CompletableFuture<byte[]> call = async("compute_in_c", "{\"numbers\":800000000}");
        WorkerView busy = awaitBusy("in compute_in_c");
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        Duration longest = Duration.ZERO;
        while (!call.isDone() && System.nanoTime() - deadline < 0) {
            look();
            longest = longer(longest, silence(busy));
        }

        assertThat(call).isCompletedWithValueMatching(result -> !new String(result, UTF_8).isEmpty());
        assertThat(longest).as("else the test has shown nothing").isGreaterThan(Duration.ofMillis(2_500));
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void a_worker_that_sleeps_for_long_is_left_alone() {
        CompletableFuture<byte[]> call = async("sleep", "{\"seconds\":5}");
        awaitBusy("in sleep");
        while (!call.isDone()) {
            look();
        }

        assertThat(call).isCompleted();
        assertThat(service.view().decisions()).isEmpty();
    }

    @Test
    void a_server_that_stood_still_does_not_take_its_workers_for_dead() throws Exception {
        CompletableFuture<byte[]> call = async("sleep", "{\"seconds\":9}");
        awaitBusy("in sleep");
        long self = ProcessHandle.current().pid();
        Process stopper =
                new ProcessBuilder("sh", "-c", "kill -STOP " + self + "; sleep 5; kill -CONT " + self).start();
        while (!call.isDone()) {
            look();
        }

        assertThat(stopper.waitFor()).isZero();
        assertThat(call).isCompleted();
        assertThat(service.view().decisions()).isEmpty();
    }

    @Test
    void an_idle_worker_that_is_stopped_is_degraded_before_a_call_meets_it_and_comes_back() {
        service.operations()
                .pool("default")
                .configure(
                        Map.of(
                                "HealthCheckTimeoutMillis",
                                100,
                                "HealthRecheckMillis",
                                100,
                                "MaximumHealthFailures",
                                100),
                        Actor.SERVICE);
        WorkerView stopped = service.control().workers().get(1);
        ProcessTable.signal("STOP", List.of(stopped.pid()));

        await("its degradation", () -> {
            look();
            return state(stopped) == WorkerState.DEGRADED;
        });
        assertThat(service.control().worker(stopped.id()).health()).isEqualTo(WorkerHealth.UNHEALTHY);
        assertThat(service.call("echo", "{}")).isEqualTo("{}");

        ProcessTable.signal("CONT", List.of(stopped.pid()));
        service.awaitReady(2);
        assertThat(service.control().worker(stopped.id()).health()).isEqualTo(WorkerHealth.HEALTHY);
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void a_spare_that_is_stopped_is_replaced_before_it_takes_the_place_of_another() {
        service.operations().pool("default").configure(Map.of("WarmSpares", 1), Actor.SERVICE);
        await("a spare", () -> service.view().spares() == 1);
        WorkerView stopped = service.control().workers().stream()
                .filter(worker -> !worker.inService())
                .findFirst()
                .orElseThrow();
        ProcessTable.signal("STOP", List.of(stopped.pid()));

        await("its end", () -> {
            look();
            return state(stopped) == WorkerState.TERMINATED;
        });
        await("another spare", () -> service.view().spares() == 1);
        assertThat(service.view().ready()).isEqualTo(2);
        assertThat(service.view().decisions())
                .singleElement()
                .extracting(DecisionView::worker, DecisionView::failure, DecisionView::decision)
                .containsExactly(stopped.id(), "HEARTBEAT_LOST", "REPLACE_NOW");
    }

    private WorkerState state(WorkerView worker) {
        return service.control().worker(worker.id()).state();
    }

    private Duration silence(WorkerView worker) {
        return Duration.ofMillis((long) service.control().worker(worker.id()).silentMillis());
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private PythonException lookUntilFailed(CompletableFuture<byte[]> call) {
        await("the end of the call", () -> {
            look();
            return call.isDone();
        });
        assertThat(call).isCompletedExceptionally();
        try {
            throw new AssertionError(new String(call.get(), UTF_8));
        } catch (ExecutionException e) {
            return (PythonException) e.getCause();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private void look() {
        service.pool().checkHeartbeats();
        LockSupport.parkNanos(LOOK_EVERY_NANOS);
    }

    private CompletableFuture<byte[]> async(String program, String inputs) {
        return service.operations()
                .pool("default")
                .callAsync(program, Payload.of(inputs.getBytes(UTF_8)), CallOptions.DEFAULT)
                .thenApply(Payload::json);
    }

    private WorkerView awaitBusy(String frame) {
        await("a busy worker", () -> service.view().busy() == 1);
        WorkerView busy = service.control().workers().stream()
                .filter(worker -> worker.state() == WorkerState.BUSY)
                .findFirst()
                .orElseThrow();
        await(frame, () -> service.control().dumpStacks(busy.id()).contains(frame));
        return busy;
    }
}
