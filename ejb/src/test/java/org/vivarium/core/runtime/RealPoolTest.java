package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.Payload;
import org.vivarium.api.ProgramException;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerLostException;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.IsolationView;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** What a caller sees of a pool of real Python processes. */
@StartsProcesses
class RealPoolTest {
    private static final CallOptions SHORT = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(300));

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
    void a_call_reaches_python_and_comes_back() {
        assertThat(service.call("echo", "{\"text\":\"hüllo\"}")).isEqualTo("{\"text\":\"hüllo\"}");
    }

    @Test
    void inputs_and_results_larger_than_every_buffer_travel_whole() {
        String large = "{\"text\":\"" + "x".repeat(3_000_000) + "\"}";

        assertThat(service.call("echo", large)).isEqualTo(large);
    }

    @Test
    void an_exception_of_the_program_arrives_with_type_message_and_traceback() {
        PythonException failure = failure("fail", "{\"message\":\"no luck\"}");

        assertThat(failure).isInstanceOf(ProgramException.class).hasMessage("no luck");
        assertThat(failure.type()).isEqualTo("RuntimeError");
        assertThat(failure.details().traceback()).contains("vivarium_examples.py", "raise RuntimeError(message)");
        assertThat(failure.details().context().worker()).startsWith("default-");
        assertStillServes();
    }

    @Test
    void an_input_of_the_wrong_type_is_refused_with_the_name_of_the_field() {
        PythonException failure = failure("statistics", "{\"numbers\":[1,\"two\"]}");

        assertThat(failure).isInstanceOf(InvalidCallException.class);
        assertThat(failure.details().field()).isEqualTo("numbers[1]");
    }

    @Test
    void an_unknown_program_is_refused_with_the_names_of_those_there_are() {
        PythonException failure = failure("ecko", "{}");

        assertThat(failure.type()).isEqualTo("UnknownProgram");
        assertThat(failure).hasMessageContaining("'ecko'").hasMessageContaining("echo");
        assertThat(failure("$ping", "{}").type()).isEqualTo("UnknownProgram");
    }

    @Test
    void a_result_that_is_not_json_is_an_error_that_names_the_place() {
        PythonException failure = failure("not_json", "{}");

        assertThat(failure.type()).isEqualTo("UnserializableResult");
        assertThat(failure).hasMessageContaining("items[1]");
        assertStillServes();
    }

    @Test
    void a_program_that_ends_its_process_fails_its_call_with_the_exit_status() {
        PythonException failure = failure("exit_now", "{\"code\":7}");

        assertThat(failure.category()).isEqualTo(ErrorCategory.COMMUNICATION_ERROR);
        assertThat(failure).hasMessageContaining("exited with status 7").hasMessageContaining("exit_now");
        service.awaitReady(2);
        assertStillServes();
    }

    @Test
    void a_program_that_ends_its_process_again_and_again_takes_the_pool_from_nobody() {
        for (int death = 1; death <= 10; death++) {
            assertThat(failure("exit_now", "{\"code\":7}").type()).isEqualTo("WorkerLost");
            assertStillServes();
        }

        assertThat(service.control().isolation())
                .singleElement()
                .extracting(IsolationView::program)
                .isEqualTo("exit_now");
        service.awaitReady(2);
        assertThat(service.view().problem()).isNull();
        assertThat(service.view().state()).isEqualTo("RUNNING");
    }

    @Test
    void a_program_that_writes_garbage_to_its_sockets_harms_only_its_own_call() {
        PythonException failure = failure("garbage", "{}");

        assertThat(failure.category()).isIn(ErrorCategory.PROTOCOL_ERROR, ErrorCategory.COMMUNICATION_ERROR);
        service.awaitReady(2);
        assertStillServes();
    }

    @Test
    void a_program_that_closes_all_descriptors_fails_its_call_and_its_worker_is_replaced() {
        PythonException failure = failure("close_descriptors", "{}");

        assertThat(failure.category()).isEqualTo(ErrorCategory.COMMUNICATION_ERROR);
        service.awaitReady(2);
        assertStillServes();
    }

    @Test
    void system_exit_in_a_program_is_an_error_of_that_call_only() {
        assertThat(failure("exit_by_exception", "{}").type()).isEqualTo("SystemExit");
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void megabytes_on_standard_output_do_not_disturb_the_answer() {
        assertThat(service.call("print_noise", "{\"megabytes\":3}")).startsWith("{\"lines\":");
        assertStillServes();
    }

    @Test
    void a_call_that_does_not_end_in_time_fails_at_its_deadline_and_its_worker_goes_on() {
        PythonException failure = failure("sleep", "{\"seconds\":60}", SHORT);

        assertThat(failure.category()).isEqualTo(ErrorCategory.TIMEOUT_ERROR);
        assertThat(failure.type()).isEqualTo("CallTimeout");
        assertThat(failure).hasMessageContaining("stopped the call and goes on");
        assertThat(failure.details().traceback()).contains("vivarium_examples.py", "in sleep");
        assertThat(service.view().totals().died()).isZero();
        assertStillServes();
    }

    @Test
    void callers_in_the_queue_get_their_own_answers_while_workers_die() throws Exception {
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        AtomicInteger answered = new AtomicInteger();
        List<Thread> callers = IntStream.range(0, 12)
                .mapToObj(caller -> new Thread(() -> {
                    for (int call = 0; call < 400; call++) {
                        callAndCompare("{\"n\":%d}".formatted(caller * 1_000 + call), wrong, answered);
                    }
                }))
                .toList();
        callers.forEach(Thread::start);
        for (int kill = 0; kill < 3; kill++) {
            int seen = answered.get();
            RunningService.await("further calls", () -> answered.get() > seen + 300);
            service.control().workers().stream()
                    .findFirst()
                    .ifPresent(worker -> ProcessHandle.of(worker.pid()).ifPresent(ProcessHandle::destroyForcibly));
        }
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(wrong).isEmpty();
        service.awaitReady(2);
        assertStillServes();
    }

    private void callAndCompare(String inputs, Queue<String> wrong, AtomicInteger answered) {
        try {
            String result = service.call("echo", inputs);
            answered.incrementAndGet();
            if (!result.equals(inputs)) {
                wrong.add(inputs + " was answered " + result);
            }
        } catch (WorkerLostException e) {
            assertThat(e).hasMessageContaining("signal 9");
        }
    }

    @Test
    void a_killed_idle_worker_is_replaced_and_no_call_fails() {
        service.operations().pool("default").configure(Map.of("RestartLimit", 1000), Actor.SERVICE);
        for (int round = 0; round < 10; round++) {
            WorkerView victim = service.control().workers().get(0);
            ProcessHandle.of(victim.pid()).orElseThrow().destroyForcibly();
            for (int call = 0; call < 20; call++) {
                assertThat(service.call("echo", "{}")).isEqualTo("{}");
            }
            await(
                    victim.id() + " has gone",
                    () -> service.control().workers().stream()
                            .noneMatch(worker -> worker.id().equals(victim.id())));
            service.awaitReady(2);
        }
        assertThat(service.view().totals().died()).isEqualTo(10);
        assertThat(service.view().totals().errors()).isZero();
    }

    @Test
    void a_killed_busy_worker_fails_its_call_with_the_signal() {
        service.operations().pool("default").configure(Map.of("MaximumRetries", 0), Actor.SERVICE);
        CompletableFuture<byte[]> call = async("spin", "{\"seconds\":60}");
        await("busy", () -> service.view().busy() == 1);
        WorkerView victim = service.control().workers().stream()
                .filter(worker -> worker.state() == WorkerState.BUSY)
                .findFirst()
                .orElseThrow();

        // a worker that is lost before the program begins is replaced within the call, as it should be
        await(
                "the program has begun",
                () -> service.control().dumpStacks(victim.id()).contains("in spin"));

        ProcessHandle.of(victim.pid()).orElseThrow().destroyForcibly();

        assertThat(call)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("was killed by signal 9 (SIGKILL) while it ran 'spin'");
        service.awaitReady(2);
        assertThat(service.view().recoveryMillisLast()).isPositive();
    }

    @Test
    void a_call_that_runs_when_the_service_closes_says_why_its_worker_went() {
        CompletableFuture<Payload> call = service.operations()
                .pool("default")
                .callAsync(
                        "spin",
                        Payload.of("{\"seconds\":60}".getBytes(UTF_8)),
                        CallOptions.DEFAULT.withIdempotent(false)); // else it would wait to be made again
        await("busy", () -> service.view().busy() == 1);
        String worker = service.control().workers().stream()
                .filter(each -> each.state() == WorkerState.BUSY)
                .map(WorkerView::id)
                .findFirst()
                .orElseThrow();
        await(
                "the program has begun",
                () -> service.control().dumpStacks(worker).contains("in spin"));

        service.close();

        assertThat(call)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableOfType(ExecutionException.class)
                .withMessageContaining("was terminated because the pool was closed while it ran 'spin'");
    }

    @Test
    void an_interrupted_caller_gets_its_answer_or_hears_why_not_costs_no_worker_and_keeps_its_flag() {
        for (int call = 0; call < 20; call++) {
            Thread.currentThread().interrupt();

            PythonException failure =
                    catchThrowableOfType(PythonException.class, () -> service.call("echo", "{\"n\":1}"));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(failure == null ? "Interrupted" : failure.type()).isEqualTo("Interrupted");
        }
        assertThat(service.view().totals().died()).isZero();
        assertStillServes();
    }

    @Test
    void the_context_of_a_call_reaches_the_program() {
        CallContext context = new CallContext("s-1", "c-\"1\"", null, null, null, null, null);

        assertThat(service.call("count", "{}", CallOptions.DEFAULT.withContext(context)))
                .isEqualTo("{\"count\":1}");
    }

    @Test
    void a_child_that_a_program_leaves_behind_goes_with_its_worker() {
        PythonException failure = failure("with_child", "{\"seconds\":60}", SHORT);

        assertThat(failure.type()).isEqualTo("CallTimeout");
        service.awaitReady(2);
        // guardian, fork server, two workers: the child is gone although it had a session of its own
        await("the child has gone", () -> ProcessHandle.current().descendants().count() == 4);
    }

    private void assertStillServes() {
        for (int i = 0; i < 4; i++) {
            assertThat(service.call("echo", "{\"i\":" + i + "}")).isEqualTo("{\"i\":" + i + "}");
        }
    }

    private PythonException failure(String program, String inputs) {
        return failure(program, inputs, CallOptions.DEFAULT);
    }

    private PythonException failure(String program, String inputs, CallOptions options) {
        return catchThrowableOfType(PythonException.class, () -> service.call(program, inputs, options));
    }

    private CompletableFuture<byte[]> async(String program, String inputs) {
        return service.operations()
                .pool("default")
                .callAsync(program, Payload.of(inputs.getBytes(UTF_8)), CallOptions.DEFAULT)
                .thenApply(Payload::json);
    }
}
