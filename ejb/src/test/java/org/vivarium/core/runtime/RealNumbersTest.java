package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ObjectiveLevel;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.objectives.ObjectiveSummary;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** What is told of calls of real Python processes. */
@StartsProcesses
class RealNumbersTest {
    @TempDir
    Path runs;

    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        service = new RunningService(
                        runs,
                        RunningService.examples(2)
                                + "vivarium.pools.default.objectives { \"*\" { success-ratio = 0.8, availability = 0.999 } }")
                .awaitReady(2);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private MetricsView seen() {
        service.runtime().metrics().refresh();
        return service.operations().pool("default").numbers().metrics("5m");
    }

    @Test
    void calls_are_counted_and_timed_by_pool_program_and_worker() {
        for (int i = 0; i < 20; i++) {
            service.call("echo", "{}");
        }
        assertThatThrownBy(() -> service.call("fail", "{}")).isInstanceOf(PythonException.class);

        await("the events of 21 calls", () -> seen().window().calls().samples() == 21);
        MetricsView seen = seen();
        assertThat(seen.window().calls().execution().p50Millis()).isPositive();
        assertThat(seen.window().errors().errors()).isEqualTo(1);
        assertThat(seen.window().start().samples()).isEqualTo(2);
        assertThat(seen.programs())
                .extracting(program -> program.program() + ' ' + program.calls() + ' ' + program.errors())
                .containsExactly("echo 20 0", "fail 1 1");
        assertThat(service.control().workers().stream()
                        .map(WorkerView::id)
                        .mapToLong(worker -> service.operations()
                                .pool("default")
                                .numbers()
                                .worker(worker, "5m")
                                .calls())
                        .sum())
                .isEqualTo(21);
        assertThat(service.prometheus())
                .contains("vivarium_pool_calls_total{pool=\"default\"} 21.0\n")
                .contains("vivarium_program_errors_total{pool=\"default\",program=\"fail\"} 1.0\n");
    }

    @Test
    void objectives_are_judged_by_the_calls_of_real_programs_and_their_changes_are_told() {
        assertThatThrownBy(() -> service.call("fail", "{}")).isInstanceOf(PythonException.class);
        service.call("echo", "{}");
        await("the events of both calls", () -> seen().window().calls().samples() == 2);

        ObjectivesView kept = service.operations().pool("default").numbers().objectives();
        assertThat(kept.targets())
                .extracting(view -> view.objective() + ' ' + view.indicator() + ' ' + view.level() + ' ' + view.value())
                .contains("* success-ratio CRITICAL 0.5", "* availability OK 1.0");
        assertThat(kept.worst().level()).isEqualTo(ObjectiveLevel.CRITICAL);
        assertThat(service.operations().pool("default").numbers().summary().objectives())
                .isEqualTo(kept.targets());
        assertThat(service.prometheus()).contains("vivarium_pool_objective_level{pool=\"default\"} 2.0\n");

        Queue<String> told = new ConcurrentLinkedQueue<>();
        service.runtime()
                .telemetry()
                .addHandler(event -> told.add(event.members().toString()));
        service.runtime().objectives().get("default").change(Map.of("*.SuccessRatio", 0.4), Actor.SERVICE);
        seen();
        await("both events", () -> told.size() >= 2);
        assertThat(told)
                .anySatisfy(event ->
                        assertThat(event).contains("attribute=objectives.*.SuccessRatio", "from=0.8", "to=0.4"))
                .anySatisfy(event -> assertThat(event).contains("from=CRITICAL", "to=WARNING"));
    }

    @Test
    void a_call_that_is_cancelled_or_interrupted_in_the_queue_is_counted_aside_and_is_no_error() {
        Payload minute = Payload.of("{\"seconds\": 60}".getBytes(UTF_8));
        List<CompletableFuture<Payload>> sleeping = Stream.generate(
                        () -> service.operations().pool("default").callAsync("sleep", minute, CallOptions.DEFAULT))
                .limit(2)
                .toList();
        await("both workers have a call", () -> service.view().busy() == 2);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> service.call("echo", "{}"))
                .isInstanceOfSatisfying(
                        PythonException.class,
                        failure -> assertThat(failure.type()).isEqualTo("Interrupted"));
        assertThat(Thread.interrupted()).isTrue();
        sleeping.forEach(call -> call.cancel(true));

        await("three calls", () -> service.view().totals().cancelled() == 3);
        assertThat(service.view().totals().errors()).isZero();
        await("their events", () -> seen().window().calls().samples() == 3);
        assertThat(seen().window().calls().errorRate()).isZero();
        assertThat(service.operations().pool("default").numbers().objectives().worst())
                .isEqualTo(ObjectiveSummary.NONE);
    }

    @Test
    void a_recovery_is_counted_and_timed() {
        long pid = service.control().workers().get(0).pid();
        assertThat(ProcessHandle.of(pid).orElseThrow().destroyForcibly()).isTrue();

        await("a recovery", () -> seen().window().recovery().samples() == 1);
        assertThat(service.view().totals().recoveries()).isEqualTo(1);
        assertThat(seen().window().recovery().maxMillis()).isPositive();
    }

    @Test
    void totals_begin_anew_when_they_are_reset() {
        service.call("echo", "{}");
        service.operations().pool("default").numbers().reset(Actor.SERVICE);
        service.call("echo", "{}");

        assertThat(service.operations().pool("default").view().totals().calls()).isEqualTo(1);
        assertThat(seen().now().status().totals().calls()).isEqualTo(2);
    }
}
