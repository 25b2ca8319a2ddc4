package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.RecoveryDecided;
import org.vivarium.api.view.worker.DecisionView;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.ProcessTable;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** What a pool of real Python processes decides about its failures, and what operators see of it. */
@StartsProcesses
class RecoveryTest {
    private static final CallOptions SHORT = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(100));

    @TempDir
    Path runs;

    private RunningService service;

    @BeforeEach
    void start() throws IOException {
        service = new RunningService(runs, RunningService.examplesAndMisbehaviour(2)).awaitReady(2);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void calls_that_pass_their_deadline_do_not_stop_the_restarts() {
        service.operations().pool("default").configure(Map.of("BreakerFailures", 0), Actor.SERVICE);
        for (int call = 1; call <= 8; call++) {
            assertThat(failure("stubborn", "{\"seconds\":60}", SHORT).type()).isEqualTo("CallTimeout");
            service.awaitReady(2);
        }

        assertThat(service.view().state()).isEqualTo("RUNNING");
        assertThat(service.view().problem()).isNull();
        assertThat(service.view().decisions())
                .hasSize(8)
                .allMatch(made -> made.failure().equals("DEADLINE_PASSED")
                        && made.decision().equals("REPLACE_NOW")
                        && made.reason().endsWith("ran 'stubborn' past its deadline"));
    }

    @Test
    void each_decision_is_an_event_and_tells_the_exit_status_whoever_noticed_first() {
        List<RecoveryDecided> heard = new ArrayList<>();
        service.runtime().telemetry().addHandler(event -> {
            if (event instanceof RecoveryDecided decided) {
                synchronized (heard) {
                    heard.add(decided);
                }
            }
        });

        failure("exit_now", "{\"code\":7}", CallOptions.DEFAULT); // noticed by the caller, and by the fork server
        service.awaitReady(2);
        ProcessTable.signal("KILL", List.of(service.control().workers().get(0).pid())); // by the fork server alone

        await("both decisions", () -> {
            synchronized (heard) {
                return heard.size() >= 2;
            }
        });
        service.awaitReady(2);
        synchronized (heard) {
            assertThat(heard).extracting(RecoveryDecided::failure).containsOnly("PROCESS_EXITED");
            assertThat(heard.get(0).reason()).endsWith("exited with status 7");
            assertThat(heard.get(1).reason()).endsWith("was killed by signal 9 (SIGKILL)");
            assertThat(heard).hasSize(2);
        }
    }

    @Test
    void a_crash_loop_of_idle_workers_is_paced_and_the_pool_has_its_full_size_again_by_itself() {
        service.operations()
                .pool("default")
                .configure(Map.of("RestartLimit", 1, "RestartWindowMillis", 2_000), Actor.SERVICE);
        while (service.view().decisions().stream().noneMatch(RecoveryTest::isPaced)) {
            long died = service.view().totals().died();
            await(
                    "a worker that lives: one that has just ended may still be listed",
                    () -> service.view().ready() > 0);
            ProcessTable.signal(
                    "KILL",
                    service.control().workers().stream()
                            .filter(worker -> worker.state() == WorkerState.READY)
                            .limit(1)
                            .map(WorkerView::pid)
                            .toList());
            await("its decision", () -> service.view().totals().died() > died);
        }
        assertThat(service.call("echo", "{}")).as("the other goes on").isEqualTo("{}");

        service.awaitReady(2);

        await("the problem's end", () -> service.view().problem() == null);
        assertThat(service.view().state()).isEqualTo("RUNNING");
    }

    @Test
    void a_pool_that_is_made_smaller_has_no_problem_any_more_when_it_has_that_size() {
        service.operations()
                .pool("default")
                .configure(Map.of("RestartLimit", 1, "RestartWindowMillis", 1_000), Actor.SERVICE);
        ProcessTable.signal(
                "KILL",
                service.control().workers().stream().map(WorkerView::pid).toList());
        await("a pace", () -> service.view().decisions().stream().anyMatch(RecoveryTest::isPaced));

        service.operations().pool("default").configure(Map.of("MinimumWorkers", 1, "MaximumWorkers", 1), Actor.SERVICE);

        await(
                "no problem",
                () -> service.view().problem() == null && service.view().ready() == 1);
    }

    @Test
    void a_check_that_ends_a_worker_is_no_error_of_a_call() {
        service.operations()
                .pool("default")
                .configure(Map.of("HealthCheckTimeoutMillis", 50, "MaximumHealthFailures", 1), Actor.SERVICE);
        WorkerView frozen = service.control().workers().get(0);
        ProcessTable.signal("STOP", List.of(frozen.pid()));

        service.pool().checkHealth();

        await("its end", () -> service.control().worker(frozen.id()).state() == WorkerState.TERMINATED);
        service.awaitReady(2);
        assertThat(service.control().worker(frozen.id()).errors()).isZero();
        assertThat(service.control().worker(frozen.id()).calls()).isZero();
    }

    @Test
    void an_executor_that_takes_nothing_fails_the_future_and_costs_no_slot() {
        for (int i = 0; i < 10; i++) {
            CompletableFuture<Payload> refused = service.pool()
                    .calls()
                    .callAsync("echo", Payload.EMPTY, CallOptions.DEFAULT, task -> {
                        throw new RejectedExecutionException("full");
                    });
            assertThat(refused)
                    .failsWithin(Duration.ofSeconds(5))
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(PythonException.class)
                    .withMessageContaining("failed inside the service")
                    .withMessageContaining("full");
        }

        List<CompletableFuture<Payload>> both = List.of(async("sleep"), async("sleep"));
        await("both slots in use", () -> service.view().busy() == 2);
        both.forEach(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(10)));
    }

    @Test
    void a_service_that_ends_while_a_degraded_worker_waits_for_its_check_leaves_no_descriptor() throws IOException {
        service.close(); // what is opened only once is open now
        long before = ProcessTable.openDescriptors();
        service = new RunningService(runs, RunningService.examples(2)).awaitReady(2);
        service.operations()
                .pool("default")
                .configure(Map.of("HealthCheckTimeoutMillis", 50, "HealthRecheckMillis", 600_000), Actor.SERVICE);
        ProcessTable.signal("STOP", List.of(service.control().workers().get(0).pid()));
        service.pool().checkHealth();
        assertThat(service.view().degraded()).isEqualTo(1);

        service.close();

        await("descriptors as before", () -> ProcessTable.openDescriptors() <= before);
    }

    private static boolean isPaced(DecisionView made) {
        return made.decision().equals("PACE");
    }

    private CompletableFuture<Payload> async(String program) {
        return service.operations()
                .pool("default")
                .callAsync(program, Payload.of("{\"seconds\":1}".getBytes(UTF_8)), CallOptions.DEFAULT);
    }

    private PythonException failure(String program, String inputs, CallOptions options) {
        return catchThrowableOfType(PythonException.class, () -> service.call(program, inputs, options));
    }
}
