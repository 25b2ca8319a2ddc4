package org.vivarium.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.PythonException;
import org.vivarium.api.event.PoolStarted;
import org.vivarium.api.event.PoolStopped;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.fake.SteppedPool;

class SupervisedPoolTest {
    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    private CompletableFuture<Boolean> stop() {
        return pool.background(() -> {
            pool.pool().close();
            return true;
        });
    }

    @Test
    void a_pool_that_stops_lets_running_calls_end_and_refuses_all_others() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.STOP_GRACE, 5_000L));
        CompletableFuture<String> running = pool.begin("hold");
        pool.held(0);
        CompletableFuture<String> waiting = pool.begin("echo");
        await("a call in line", () -> pool.view().waiting() == 1);

        CompletableFuture<Boolean> stopped = stop();

        assertThat(failureOf(waiting).type()).isEqualTo("PoolStopped");
        assertThat(failureOf(pool.begin("echo")).type()).isEqualTo("PoolStopped");
        assertThat(stopped).isNotDone();
        pool.held(0).result("1");
        assertThat(resultOf(running)).isEqualTo("1");
        await("the end", stopped::isDone);
        assertThat(pool.view().state()).isEqualTo("STOPPED");
        await("the events", () -> pool.events(PoolStopped.class).size() == 1);
        assertThat(pool.events(PoolStarted.class)).hasSize(1);
    }

    @Test
    void a_pool_that_stops_waits_for_running_calls_no_longer_than_its_grace() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.STOP_GRACE, 5_000L));
        CompletableFuture<String> running = pool.begin("hold");
        pool.held(0);
        CompletableFuture<Boolean> stopped = stop();
        await("no more calls", () -> pool.view().state().equals("STOPPED"));

        pool.pass(Duration.ofMillis(4_900));
        assertThat(stopped).isNotDone();
        pool.passUntil("the end", stopped::isDone);
        pool.worker(1).dieOf(9); // as all do that have no host any more
        assertThat(failureOf(running).type()).isEqualTo("WorkerLost");
    }

    @Test
    void an_unknown_program_is_refused_with_those_there_are_and_reaches_no_worker() {
        pool = SteppedPool.started(1);

        PythonException failure = failureOf(pool.begin("ecco"));

        assertThat(failure).isInstanceOf(InvalidCallException.class);
        assertThat(failure.type()).isEqualTo("UnknownProgram");
        assertThat(failure).hasMessageContaining("echo, hold");
        assertThat(pool.control().worker("default-1").calls()).isZero();
    }

    @Test
    void a_size_outside_of_its_limits_is_refused_with_both() {
        pool = SteppedPool.started(2, Map.of(PoolParameter.MAXIMUM_WORKERS, 4L));

        assertThatThrownBy(() -> pool.control().resize(5, Actor.SERVICE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("MinimumWorkers = 2 to MaximumWorkers = 4, was 5");
        assertThatThrownBy(() -> pool.control().resize(1, Actor.SERVICE)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_stacks_of_a_worker_are_those_that_it_gives() {
        pool = SteppedPool.started(1);

        assertThat(pool.control().dumpStacks("default-1")).isEqualTo("stacks of default-1");
        assertThatThrownBy(() -> pool.control().dumpStacks("default-7"))
                .isInstanceOf(InvalidCallException.class)
                .hasMessageContaining("no worker 'default-7'; it has: [default-1]");
    }

    @Test
    void who_asks_for_stacks_and_does_not_wait_gets_them_on_a_thread_of_the_service() {
        pool = SteppedPool.started(1);
        Queue<Runnable> service = new ArrayDeque<>();

        CompletableFuture<String> stacks = pool.control().dumpStacksAsync("default-1", service::add);

        assertThat(stacks).isNotDone();
        service.remove().run();
        assertThat(stacks).isCompletedWithValue("stacks of default-1");
    }

    @Test
    void stacks_that_a_worker_cannot_send_any_more_are_a_failure_that_names_the_worker() {
        pool = SteppedPool.started(1);
        pool.worker(1).stacks(CompletableFuture.failedFuture(new IllegalStateException("end of file")));

        assertThat(failureOf(pool.control().dumpStacksAsync("default-1", Runnable::run)))
                .isInstanceOf(PythonException.class)
                .hasMessage("worker default-1 sent no stacks: java.lang.IllegalStateException: end of file");
        assertThatThrownBy(() -> pool.control().dumpStacks("default-1"))
                .hasMessage("worker default-1 sent no stacks: java.lang.IllegalStateException: end of file");
    }

    @Test
    void stacks_that_do_not_come_in_the_time_that_is_set_are_a_failure_that_names_it() {
        pool = SteppedPool.started(1);
        pool.worker(1).stacks(new CompletableFuture<>());
        pool.service().change(Map.of("StacksTimeoutMillis", 100), Actor.SERVICE);

        assertThatThrownBy(() -> pool.control().dumpStacks("default-1"))
                .hasMessage("worker default-1 sent no stacks within 100 ms");
    }

    @Test
    void sessions_that_nobody_used_for_their_time_are_forgotten_and_the_others_not() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.SESSION_TIMEOUT, 10_000L));
        resultOf(pool.beginIn("old", "echo"));
        pool.pass(Duration.ofSeconds(6));
        resultOf(pool.beginIn("young", "echo"));
        pool.pass(Duration.ofSeconds(6));

        pool.pool().sweepSessions();

        assertThat(pool.control().sessions(PageRequest.FIRST).items())
                .extracting(session -> session.id())
                .containsExactly("young");
        assertThat(pool.control().sessionTotals().expired()).isEqualTo(1);
    }

    @Test
    void a_session_that_is_forgotten_begins_anew_and_the_call_that_runs_leaves_nothing() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> running = pool.beginIn("s", "hold");
        pool.held(0);

        pool.control().forgetSession("s", Actor.SERVICE);
        pool.held(0).result("1", "saved");

        resultOf(running);
        CompletableFuture<String> next = pool.beginIn("s", "hold");
        assertThat(pool.held(1).state()).isEmpty();
        pool.held(1).result("2");
        resultOf(next);
        assertThatThrownBy(() -> pool.control().forgetSession("t", Actor.SERVICE))
                .isInstanceOf(InvalidCallException.class);
    }

    @Test
    void a_breaker_that_is_opened_by_hand_refuses_its_program_until_it_is_closed_by_hand() {
        pool = SteppedPool.started(1);

        pool.control().openBreaker("echo", Actor.SERVICE);

        assertThat(failureOf(pool.begin("echo")).type()).isEqualTo("BreakerOpen");
        pool.pass(Duration.ofMinutes(2));
        assertThat(failureOf(pool.begin("echo")).type()).isEqualTo("BreakerOpen");
        pool.control().closeBreaker("echo", Actor.SERVICE);
        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
    }
}
