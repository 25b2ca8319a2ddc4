package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.worker.DecisionView;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Calls that end before their time, with real programs that obey, resist, or leave something behind. */
@StartsProcesses
class CancellationTest {
    private static final CallOptions SHORT = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(300));
    private static final Actor OPERATOR = new Actor("olga", "test");

    @TempDir
    private Path runs;

    private RunningService service;

    @BeforeEach
    void start() throws IOException {
        service = new RunningService(runs, RunningService.examplesAndMisbehaviour(2)).awaitReady(2);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sleep        | {\"seconds\":60}           | in sleep",
                "spin         | {\"seconds\":60}           | in spin",
                "spawn_child  | {\"seconds\":60}           | in spawn_child",
                "stream_numbers | {\"amount\":9,\"pause_seconds\":60} | in stream_numbers",
                "slow_steps   | {\"steps\":10000,\"pause_seconds\":0.01} | in slow_steps",
            })
    void a_program_that_obeys_is_stopped_at_its_deadline_and_its_worker_goes_on(
            String program, String inputs, String where) {
        PythonException failure = failure(program, inputs, SHORT);

        assertThat(failure.category()).isEqualTo(ErrorCategory.TIMEOUT_ERROR);
        assertThat(failure.type()).isEqualTo("CallTimeout");
        assertThat(failure).hasMessageContaining("stopped the call and goes on");
        assertThat(failure.details().traceback()).contains(where);
        assertThat(service.view().totals().died()).isZero();
        assertStillServes();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "hold_interpreter | {\"rounds\":100000000000} | in hold_interpreter",
                "stubborn         | {\"seconds\":60}          | in stubborn",
            })
    void a_program_that_resists_is_ended_with_its_worker_and_tells_where_it_was(
            String program, String inputs, String where) {
        CompletableFuture<Payload> neighbour = async("sleep", "{\"seconds\":2}", CallOptions.DEFAULT);
        await("neighbour at work", () -> service.view().busy() == 1);

        PythonException failure = failure(program, inputs, SHORT);

        assertThat(failure.type()).isEqualTo("CallTimeout");
        assertThat(failure).hasMessageContaining("did not stop the call and was terminated");
        assertThat(failure.details().traceback()).contains(where);
        assertThat(neighbour.join().json()).isEqualTo("{\"slept_seconds\":2}".getBytes(UTF_8));
        service.awaitReady(2);
        assertThat(service.view().decisions()).extracting(DecisionView::failure).containsExactly("DEADLINE_PASSED");
        assertStillServes();
    }

    @Test
    void a_deadlock_is_stopped_whether_its_other_thread_ends_in_time_or_costs_the_worker() {
        PythonException failure = failure("deadlock", "{}", SHORT);

        assertThat(failure.type()).isEqualTo("CallTimeout");
        assertThat(failure).hasMessageContaining("stopped the call");
        assertThat(failure.details().traceback()).contains("in deadlock", "in take");
        service.awaitReady(2);
        assertStillServes();
    }

    @Test
    void a_worker_in_which_a_stopped_call_has_left_a_thread_is_replaced() {
        PythonException failure = failure("leave_a_thread", "{}", SHORT);

        assertThat(failure).hasMessageContaining("left 1 thread").hasMessageContaining("was terminated");
        assertThat(failure.details().traceback()).contains("in leave_a_thread");
        await("replacement", () -> service.view().totals().started() == 3);
        service.awaitReady(2);
        assertStillServes();
    }

    @Test
    void a_process_that_a_call_has_started_does_not_outlive_its_deadline() {
        ConcurrentLinkedQueue<Long> children = new ConcurrentLinkedQueue<>();
        CompletableFuture<Payload> call = async("spawn_child", "{\"seconds\":60}", SHORT);
        await(
                "the child runs",
                () -> service.control().workers().stream()
                        .flatMap(worker -> ProcessHandle.of(worker.pid()).stream())
                        .flatMap(ProcessHandle::children)
                        .peek(child -> children.add(child.pid()))
                        .findAny()
                        .isPresent());

        assertThat(call).failsWithin(Duration.ofSeconds(10));

        assertThat(children)
                .isNotEmpty()
                .allMatch(pid ->
                        ProcessHandle.of(pid).map(child -> !child.isAlive()).orElse(true));
        assertStillServes();
    }

    @Test
    void cancelling_the_future_stops_the_program() {
        CompletableFuture<Payload> call = async("sleep", "{\"seconds\":60}", CallOptions.DEFAULT);
        await("it runs", () -> service.view().busy() == 1);

        assertThat(call.cancel(true)).isTrue();

        await("its worker is free", () -> service.view().busy() == 0);
        assertThat(service.view().totals().died()).isZero();
        assertStillServes();
    }

    @Test
    void a_future_that_is_cancelled_while_it_waits_never_runs() {
        CompletableFuture<Payload> one = async("sleep", "{\"seconds\":1}", CallOptions.DEFAULT);
        CompletableFuture<Payload> two = async("sleep", "{\"seconds\":1}", CallOptions.DEFAULT);
        await("both busy", () -> service.view().busy() == 2);
        CompletableFuture<Payload> three = async("count", "{}", in("never"));

        three.cancel(true);
        CompletableFuture.allOf(one, two).join();

        await("nobody waits", () -> service.view().busy() == 0 && service.view().waiting() == 0);
        assertThat(service.call("count", "{}", in("never"))).isEqualTo("{\"count\":1}");
    }

    @Test
    void an_interrupt_of_the_calling_thread_stops_the_program_and_leaves_the_thread_interrupted() throws Exception {
        AtomicReference<PythonException> failure = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            failure.set(failure("sleep", "{\"seconds\":60}", CallOptions.DEFAULT));
            flag.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        await("it runs", () -> service.view().busy() == 1);

        caller.interrupt();
        caller.join(Duration.ofSeconds(20).toMillis());

        assertThat(failure.get().type()).isEqualTo("Interrupted");
        assertThat(failure.get().details().traceback()).contains("in sleep");
        assertThat(flag).hasValue(true);
        assertThat(service.view().totals().died()).isZero();
        assertStillServes();
    }

    @Test
    void an_operator_sees_a_call_and_cancels_it() {
        CallOptions options = in("s").withKey("project-7");
        CompletableFuture<Payload> call = async("spin", "{\"seconds\":60}", options);
        await("it is seen", () -> !service.control().inFlight().isEmpty());
        CallView seen = service.control().inFlight().get(0);

        assertThat(seen.program()).isEqualTo("spin");
        assertThat(seen.session()).isEqualTo("s");
        assertThat(seen.key()).isEqualTo("project-7");
        assertThat(seen.remainingMillis()).isPositive();
        service.control().cancel(seen.id(), OPERATOR);

        assertThat(call)
                .failsWithin(Duration.ofSeconds(10))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(PythonException.class, failure -> {
                    assertThat(failure.type()).isEqualTo("Cancelled");
                    assertThat(failure).hasMessageContaining("cancelled by operator olga");
                    assertThat(failure.details().traceback()).contains("in spin");
                });
        await("gone from sight", () -> service.control().inFlight().isEmpty());
        assertThatThrownBy(() -> service.control().cancel(seen.id(), OPERATOR))
                .isInstanceOf(InvalidCallException.class)
                .hasMessageContaining(seen.id());
        assertStillServes();
    }

    @Test
    void a_cancelled_call_leaves_its_session_as_it_was() {
        assertThat(service.call("count", "{}", in("s"))).isEqualTo("{\"count\":1}");

        failure("count_then_sleep", "{}", in("s").withTimeout(Duration.ofMillis(300)));

        assertThat(service.call("count", "{}", in("s"))).isEqualTo("{\"count\":2}");
    }

    @Test
    void progress_is_heard_and_seen() {
        ConcurrentLinkedQueue<Double> heard = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<String> said = new ConcurrentLinkedQueue<>();
        CallOptions options = CallOptions.DEFAULT.withProgress((fraction, message) -> {
            heard.add(fraction);
            said.add(message);
            throw new IllegalStateException("a listener that fails changes nothing");
        });

        assertThat(service.call("slow_steps", "{\"steps\":5,\"pause_seconds\":0.05}", options))
                .isEqualTo("{\"steps\":5}");

        assertThat(heard).containsSubsequence(0.2, 1.0);
        assertThat(said).contains("step 1 of 5", "step 5 of 5");
    }

    private CompletableFuture<Payload> async(String program, String inputs, CallOptions options) {
        return service.pool()
                .calls()
                .callAsync(program, Payload.of(inputs.getBytes(UTF_8)), options, Executors.newCachedThreadPool());
    }

    private PythonException failure(String program, String inputs, CallOptions options) {
        PythonException failure =
                catchThrowableOfType(PythonException.class, () -> service.call(program, inputs, options));
        assertThat(failure).as("failure of " + program).isNotNull();
        return failure;
    }

    private static CallOptions in(String session) {
        return CallOptions.DEFAULT.withContext(
                new org.vivarium.api.CallContext(session, null, null, null, null, null, null));
    }

    private void assertStillServes() {
        for (int i = 0; i < 20; i++) {
            assertThat(service.call("echo", "{\"n\":%d}".formatted(i))).isEqualTo("{\"n\":%d}".formatted(i));
        }
        await(
                "all ready",
                () -> service.control().workers().stream().allMatch(worker -> worker.state() == WorkerState.READY));
    }
}
