package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** What real workers use is seen, and limits of it are kept. */
@StartsProcesses
class LimitsTest {
    @TempDir
    Path runs;

    private RunningService service;

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void what_a_worker_uses_is_in_its_snapshot() throws Exception {
        start(1, "");
        assertThat(worker().rssBytes()).as("before the first sample").isZero();
        service.call("spin", "{\"seconds\":0.2}");
        service.pool().checkResources();

        assertThat(worker().rssBytes()).isGreaterThan(5 << 20);
        assertThat(worker().privateBytes()).isPositive().isLessThanOrEqualTo(worker().rssBytes());
        assertThat(worker().cpuMillis())
                .as("on a busy machine it gets little of its 200 ms")
                .isPositive();
        assertThat(worker().threads()).isEqualTo(2);
        assertThat(worker().openDescriptors()).isGreaterThan(5);
        assertThat(worker().processState()).isIn("S", "R");
    }

    @Test
    void a_worker_above_the_soft_limit_is_replaced_and_no_call_notices() throws Exception {
        start(1, "soft-memory = 100 MiB");
        String old = worker().id();
        service.call("keep", "{\"megabytes\":150}");
        service.pool().checkResources();
        await("the replacement", () -> service.view().totals().recycled() == 1);
        service.awaitReady(1);

        assertThat(worker().id()).isNotEqualTo(old);
        assertThat(service.control().worker(old).history()).extracting("reason").contains("MEMORY_LIMIT_REACHED");
        assertThat(service.view().totals().died()).isZero();
        assertThat(service.view().totals().errors()).isZero();
    }

    @Test
    void a_worker_that_grows_over_its_own_size_is_replaced() throws Exception {
        start(1, "memory-growth = 100");
        for (int i = 0; i < 20; i++) {
            service.call("echo", "{}");
        }
        service.pool().checkResources();
        service.call("keep", "{\"megabytes\":100}");
        service.pool().checkResources();

        await("the replacement", () -> service.view().totals().recycled() == 1);
    }

    @Test
    void memory_above_the_hard_limit_fails_the_call_and_not_the_worker_where_the_kernel_can_refuse_it()
            throws Exception {
        start(1, "hard-memory = 150 MiB");

        PythonException failure = failure("keep", "{\"megabytes\":200}");

        assertThat(failure.category()).isEqualTo(ErrorCategory.RESOURCE_ERROR);
        assertThat(failure.type()).isEqualTo("MemoryError");
        assertThat(failure).hasMessageContaining("HardMemoryMegabytes = 150").hasMessageContaining("MiB resident");
        assertThat(service.call("echo", "{}")).isEqualTo("{}");
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void memory_above_the_hard_limit_ends_the_worker_where_the_kernel_cannot_refuse_it() throws Exception {
        start(1, "hard-memory = 100 MiB");

        PythonException failure = failureWhileWatched("share", "{\"megabytes\":150,\"seconds\":60}");

        assertThat(failure.category()).isEqualTo(ErrorCategory.RESOURCE_ERROR);
        assertThat(failure.type()).isEqualTo("MemoryLimitExceeded");
        assertThat(failure).hasMessageContaining("MiB resident, HardMemoryMegabytes = 100");
        assertThat(failure.retryable()).isFalse();
        service.awaitReady(1);
        assertThat(service.call("echo", "{}")).isEqualTo("{}");
    }

    @Test
    void a_hard_limit_that_no_worker_can_keep_is_the_problem_of_the_pool() throws Exception {
        start(0, "hard-memory = 2 MiB");

        await("the problem", () -> service.view().problem() != null);

        assertThat(service.view().problem()).contains("HardMemoryMegabytes = 2 is too little: the worker has");
    }

    @Test
    void a_call_that_uses_more_processor_time_than_it_may_is_stopped_and_its_worker_stays() throws Exception {
        start(1, "cpu = 200 ms");
        String worker = worker().id();

        PythonException failure = failure("spin", "{\"seconds\":60}");

        assertThat(failure.category()).isEqualTo(ErrorCategory.RESOURCE_ERROR);
        assertThat(failure.type()).isEqualTo("CpuLimitExceeded");
        assertThat(failure).hasMessageContaining("CpuLimitMillis = 200");
        assertThat(failure.details().traceback()).contains("in spin");
        assertThat(service.call("echo", "{}")).isEqualTo("{}");
        assertThat(worker().id()).isEqualTo(worker);
    }

    @Test
    void a_call_that_cannot_be_stopped_from_inside_is_stopped_with_its_worker() throws Exception {
        start(1, "cpu = 200 ms");

        PythonException failure = failureWhileWatched("hold_gil", "{\"rounds\":20000000000}");

        assertThat(failure.type()).isEqualTo("CpuLimitExceeded");
        assertThat(failure)
                .hasMessageContaining("was terminated while it ran 'hold_gil'")
                .hasMessageContaining("CpuLimitMillis = 200");
        service.awaitReady(1);
        assertThat(service.call("echo", "{}")).isEqualTo("{}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"forkserver", "spawn"})
    void native_libraries_find_their_threads_capped_however_the_worker_was_started(String method) throws Exception {
        String text = RunningService.examplesAndMisbehaviour(1)
                .replace("python {", "python { native-threads = 3, start-method = " + method + ",");
        service = new RunningService(runs, text).awaitReady(1);

        assertThat(service.call("thread_caps", "{}"))
                .contains(
                        "\"OMP_NUM_THREADS\":\"3\"",
                        "\"OPENBLAS_NUM_THREADS\":\"3\"",
                        "\"MKL_NUM_THREADS\":\"3\"",
                        "\"NUMEXPR_NUM_THREADS\":\"3\"",
                        "\"NUMEXPR_MAX_THREADS\":\"3\"",
                        "\"VECLIB_MAXIMUM_THREADS\":\"3\"");
    }

    private void start(int ready, String limits) throws Exception {
        String text =
                RunningService.examplesAndMisbehaviour(1).replace("python {", "limits { " + limits + " }\n python {");
        service = new RunningService(runs, text);
        if (ready > 0) {
            service.awaitReady(ready);
        }
    }

    private WorkerView worker() {
        return service.control().workers().get(0);
    }

    private PythonException failure(String program, String inputs) {
        return catchThrowableOfType(PythonException.class, () -> service.call(program, inputs));
    }

    /** Calls a program and looks at what its worker uses until it fails. */
    private PythonException failureWhileWatched(String program, String inputs) {
        CompletableFuture<byte[]> call = service.operations()
                .pool("default")
                .callAsync(program, Payload.of(inputs.getBytes(UTF_8)), CallOptions.DEFAULT)
                .thenApply(Payload::json);
        await("the end of " + program, () -> {
            service.pool().checkResources();
            return call.isDone();
        });
        return (PythonException)
                catchThrowableOfType(CompletionException.class, call::join).getCause();
    }
}
