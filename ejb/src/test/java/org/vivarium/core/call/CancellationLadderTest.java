package org.vivarium.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.PythonException;
import org.vivarium.api.event.WorkerEnded;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.FakeWorker;
import org.vivarium.testing.fake.SteppedPool;

class CancellationLadderTest {
    private static final Map<String, Object> OBEYED = Map.of(
            "category", "timeout_error",
            "type", "OperationCancelled",
            "message", "cancelled",
            "stack", "File \"app.py\", line 7");

    private SteppedPool pool;
    private CompletableFuture<String> caller;
    private FakeCall call;
    private FakeWorker worker;

    /** A call that has two seconds; its worker has 450 ms to let go of it then. */
    @BeforeEach
    void begin() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.CANCEL_GRACE, 450L));
        caller = pool.begin("hold", "{}", CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(2)));
        call = pool.held(0);
        worker = call.worker();
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private void passUntilOver() {
        pool.passUntil("the end of the call", caller::isDone);
    }

    @Test
    void a_program_that_lets_go_when_it_is_told_keeps_its_worker_and_says_where_it_was() {
        call.whenCancelled(level -> call.error(OBEYED));

        pool.pass(Duration.ofMillis(1_900));
        assertThat(call.cancelLevel()).as("too early").isZero();
        pool.pass(Duration.ofMillis(200));

        PythonException failure = failureOf(caller);
        assertThat(failure.category()).isEqualTo(ErrorCategory.TIMEOUT_ERROR);
        assertThat(failure.type()).isEqualTo("CallTimeout");
        assertThat(failure.details().traceback()).isEqualTo("File \"app.py\", line 7");
        assertThat(worker.signals()).containsExactly("POKE");
        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
        assertThat(pool.workers().all()).hasSize(1);
    }

    @Test
    void a_program_that_does_not_look_is_made_to_notice() {
        List<Integer> levels = new CopyOnWriteArrayList<>();
        call.whenCancelled(level -> {
            levels.add(level);
            if (level == 2) {
                call.error(OBEYED);
            }
        });

        pool.pass(Duration.ofSeconds(2));
        passUntilOver();

        assertThat(failureOf(caller).type()).isEqualTo("CallTimeout");
        assertThat(levels).containsExactly(1, 2);
        assertThat(worker.isAlive()).isTrue();
    }

    @Test
    void a_program_that_resists_is_told_again_then_its_stack_is_taken_and_its_worker_terminated() {
        pool.pass(Duration.ofSeconds(2));
        passUntilOver();

        PythonException failure = failureOf(caller);
        assertThat(failure.type()).isEqualTo("CallTimeout");
        assertThat(failure.details().traceback()).isEqualTo("stacks of default-1");
        assertThat(worker.signals()).startsWith("POKE", "POKE").containsSubsequence("POKE", "DUMP", "TERM");
        assertThat(worker.isAlive()).isFalse();
        pool.awaitReady(1);
        assertThat(pool.view().problem()).as("a deadline is no crash").isNull();
    }

    @Test
    void a_worker_that_ignores_sigterm_is_killed() {
        worker.ignoreTerm();

        pool.pass(Duration.ofSeconds(2));
        passUntilOver();

        assertThat(failureOf(caller).type()).isEqualTo("CallTimeout");
        assertThat(worker.signals()).containsSubsequence("DUMP", "TERM", "KILL");
        pool.awaitReady(1);
    }

    @Test
    void not_even_a_worker_that_outlives_sigkill_keeps_its_caller_for_long() {
        worker.ignoreTerm();
        worker.outliveKill();

        pool.pass(Duration.ofSeconds(2));
        passUntilOver();

        assertThat(failureOf(caller).type()).isEqualTo("CallTimeout");
        await("a replacement", () -> pool.view().ready() == 1);
        assertThat(worker.isAlive()).isTrue();
        worker.dieOf(9);
        pool.awaitReady(1);
    }

    @Test
    void a_worker_that_is_killed_at_the_deadline_was_not_killed_for_memory_whatever_the_kernel_does_meanwhile() {
        worker.ignoreTerm();
        worker.outliveKill();
        pool.pass(Duration.ofSeconds(2));
        passUntilOver();

        worker.dieForMemory("was killed by the kernel for memory, limit 2 GiB");

        await("the event", () -> !pool.events(WorkerEnded.class).isEmpty());
        assertThat(pool.events(WorkerEnded.class).get(0).how()).isEqualTo("was killed by signal 9 (SIGKILL)");
    }

    @Test
    void what_a_cancelled_call_has_left_behind_ends_its_worker() {
        call.whenCancelled(level -> call.error(Map.of(
                "category", "timeout_error",
                "type", "OperationCancelled",
                "message", "cancelled",
                "left_behind", "1 thread (reader)")));

        pool.pass(Duration.ofSeconds(2));
        passUntilOver();

        assertThat(failureOf(caller)).hasMessageContaining("1 thread (reader)");
        await("its end", () -> !worker.isAlive());
        pool.awaitReady(1);
        assertThat(pool.control().worker("default-1").history())
                .anyMatch(transition -> transition.reason().equals("WORK_LEFT_BEHIND"));
    }

    @Test
    void an_operator_cancels_a_call_by_its_name_and_the_worker_serves_on() {
        call.whenCancelled(level -> call.error(OBEYED));
        String name = pool.control().inFlight().get(0).id();

        pool.control().cancel(name, new Actor("ada", "rest"));

        PythonException failure = failureOf(caller);
        assertThat(failure.type()).isEqualTo("Cancelled");
        assertThat(failure).hasMessageContaining("ada");
        assertThat(worker.signals()).containsExactly("POKE");
        assertThat(pool.view().totals().cancelled()).isEqualTo(1);
        assertThat(pool.view().totals().errors()).isZero();
    }

    @Test
    void a_call_that_ends_with_its_result_in_spite_of_its_deadline_costs_no_worker() {
        call.whenCancelled(level -> call.result("1"));

        pool.pass(Duration.ofMillis(2_100));
        passUntilOver();

        assertThat(failureOf(caller).type()).isEqualTo("CallTimeout");
        assertThat(worker.signals()).containsExactly("POKE");
        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
    }
}
