package org.vivarium.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.FakeWorker;
import org.vivarium.testing.fake.SteppedPool;

class ExecutionTest {
    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void a_worker_is_told_program_inputs_context_and_the_time_that_is_left() {
        pool = SteppedPool.started(1);
        CallContext context = CallContext.correlated("order-7");

        CompletableFuture<String> call = pool.begin(
                "hold",
                "{\"n\":1}",
                CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(3)).withContext(context));

        FakeCall seen = pool.held(0);
        assertThat(seen.program()).isEqualTo("hold");
        assertThat(seen.inputs()).isEqualTo("{\"n\":1}");
        assertThat(seen.context()).isEqualTo("{\"correlation_id\":\"order-7\"}");
        assertThat(seen.timeoutMillis()).isEqualTo(3_000);
        assertThat(seen.isStream()).isFalse();
        seen.result("[2]");
        assertThat(resultOf(call)).isEqualTo("[2]");
    }

    @Test
    void an_error_of_the_program_is_told_as_it_is_and_the_worker_serves_on() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> call = pool.begin("hold");

        pool.held(0)
                .error(Map.of(
                        "category", "program_error", "type", "KeyError", "message", "'x'", "traceback", "Traceback …"));

        PythonException failure = failureOf(call);
        assertThat(failure.category()).isEqualTo(ErrorCategory.PROGRAM_ERROR);
        assertThat(failure.type()).isEqualTo("KeyError");
        assertThat(failure.details().traceback()).isEqualTo("Traceback …");
        assertThat(failure.details().context().worker()).isEqualTo("default-1");
        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
        assertThat(pool.worker(1).signals()).isEmpty();
        WorkerView worker = pool.control().worker("default-1");
        assertThat(worker.calls()).isEqualTo(2);
        assertThat(worker.errors()).isEqualTo(1);
    }

    @Test
    void a_call_whose_worker_dies_in_the_middle_of_it_fails_with_the_exit_status_and_is_not_run_twice() {
        pool = SteppedPool.started(2);
        CompletableFuture<String> call = pool.begin("hold");

        pool.held(0).worker().dieOf(11);

        PythonException failure = failureOf(call);
        assertThat(failure.category()).isEqualTo(ErrorCategory.COMMUNICATION_ERROR);
        assertThat(failure.type()).isEqualTo("WorkerLost");
        assertThat(failure).hasMessageContaining("was killed by signal 11 (SIGSEGV) while it ran 'hold'");
        assertThat(pool.held()).hasSize(1);
        pool.awaitReady(2);
    }

    @Test
    void a_call_whose_worker_the_kernel_killed_for_memory_says_so_and_names_the_limit() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> call = pool.begin("hold");

        pool.held(0).worker().dieForMemory("was killed by the kernel for memory, limit 2 GiB");

        assertThat(failureOf(call))
                .hasMessageStartingWith(
                        "worker default-1 of pool 'default' was killed by the kernel for memory, limit 2 GiB while it ran 'hold'");
    }

    @Test
    void a_call_that_its_worker_never_read_goes_to_another_and_nobody_notices() {
        pool = SteppedPool.started(1);
        FakeWorker lost = pool.worker(1);
        lost.stopReading();
        CompletableFuture<String> call = pool.begin("echo", "{\"a\":1}", CallOptions.DEFAULT);
        await("a busy worker", () -> pool.view().busy() == 1);

        lost.dieOf(9);

        assertThat(resultOf(call)).isEqualTo("{\"a\":1}");
        assertThat(pool.view().totals().errors()).isZero();
        assertThat(pool.view().totals().retries()).as("that was none").isZero();
    }

    @Test
    void an_answer_with_the_id_of_another_call_ends_the_worker_and_fails_the_call() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> call = pool.begin("hold");
        FakeWorker broken = pool.held(0).worker();

        pool.held(0).breakProtocol();

        PythonException failure = failureOf(call);
        assertThat(failure.category()).isEqualTo(ErrorCategory.PROTOCOL_ERROR);
        assertThat(failure.type()).isEqualTo("MalformedFrame");
        assertThat(failure).hasMessageContaining("while call 1 was in progress");
        assertThat(broken.signals()).contains("KILL");
        pool.awaitReady(1);
    }

    @Test
    void a_second_answer_to_a_call_never_reaches_the_next_one() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> first = pool.begin("hold");
        FakeCall call = pool.held(0);
        call.result("1");
        assertThat(resultOf(first)).isEqualTo("1");
        call.result("2");

        CompletableFuture<String> second = pool.begin("hold");

        assertThat(failureOf(second).type()).isEqualTo("MalformedFrame");
        pool.awaitReady(1);
        assertThat(pool.call("echo", "{\"a\":1}", CallOptions.DEFAULT)).isEqualTo("{\"a\":1}");
    }

    @Test
    void a_chunk_for_a_caller_that_does_not_stream_ends_the_worker() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> call = pool.begin("hold");

        pool.held(0).chunk("1");

        assertThat(failureOf(call).type()).isEqualTo("MalformedFrame");
        pool.awaitReady(1);
    }

    @Test
    void inputs_that_no_frame_can_hold_fail_before_they_are_sent_and_cost_no_worker() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.MAXIMUM_FRAME_MEGABYTES, 1L));
        String large = "\"" + "x".repeat(1 << 20) + "\"";

        CompletableFuture<String> call = pool.begin("echo", large, CallOptions.DEFAULT);

        assertThat(failureOf(call).type()).isEqualTo("InputsTooLarge");
        assertThat(pool.worker(1).isAlive()).isTrue();
        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
    }

    @Test
    void inputs_of_several_socket_buffers_arrive_whole() {
        pool = SteppedPool.started(1);
        String large = "\"" + "x".repeat(3 << 20) + "\"";

        assertThat(resultOf(pool.begin("echo", large, CallOptions.DEFAULT))).isEqualTo(large);
    }

    @Test
    void progress_is_told_while_the_call_runs_and_shows_in_its_snapshot() {
        pool = SteppedPool.started(1);
        List<String> told = new CopyOnWriteArrayList<>();
        CompletableFuture<String> call = pool.begin(
                "hold",
                "{}",
                CallOptions.DEFAULT.withProgress((fraction, message) -> told.add(fraction + " " + message)));

        pool.held(0).progress(0.25, "read");
        await("the first", () -> told.equals(List.of("0.25 read")));
        assertThat(pool.control().inFlight().get(0).progress()).isEqualTo(0.25);
        pool.held(0).progress(1, "done");
        pool.held(0).result("1");

        resultOf(call);
        assertThat(told).containsExactly("0.25 read", "1.0 done");
    }
}
