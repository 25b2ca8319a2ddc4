package org.vivarium.core.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.WorkerEnded;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.FakeWorker;
import org.vivarium.testing.fake.SteppedPool;

class PoolSupervisorTest {
    private static final Actor OPERATOR = Actor.SERVICE;
    private static final String FOR_MEMORY = "was killed by the kernel for memory, limit 2 GiB";

    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void as_many_workers_as_were_asked_for_start_and_serve() {
        pool = SteppedPool.started(3);

        assertThat(pool.workers().all()).hasSize(3);
        assertThat(pool.view().state()).isEqualTo("RUNNING");
        assertThat(pool.call("echo", "{\"a\":1}", CallOptions.DEFAULT)).isEqualTo("{\"a\":1}");
    }

    @Test
    void no_more_workers_start_at_a_time_than_the_batch_allows() {
        pool = SteppedPool.of(5, Map.of(PoolParameter.START_BATCH, 2L));
        pool.workers().startByHand();
        pool.start();
        await("two starts", () -> pool.workers().all().size() == 2);
        pool.pass(Duration.ofSeconds(1));
        assertThat(pool.workers().all()).hasSize(2);

        pool.worker(2).ready();

        await("another start", () -> pool.workers().all().size() == 3);
    }

    @Test
    void an_idle_worker_that_dies_is_replaced_at_once_and_the_recovery_is_measured() {
        pool = SteppedPool.started(2);

        pool.worker(1).dieOf(9);

        await("a replacement", () -> pool.view().totals().recoveries() == 1);
        assertThat(pool.control().workers()).extracting(WorkerView::id).containsExactly("default-2", "default-3");
        assertThat(pool.view().totals().died()).isEqualTo(1);
        assertThat(pool.view().recoveryMillisLast()).isZero();
        await("the event", () -> !pool.events(WorkerEnded.class).isEmpty());
        WorkerEnded ended = pool.events(WorkerEnded.class).get(0);
        assertThat(ended.worker()).isEqualTo("default-1");
        assertThat(ended.expected()).isFalse();
        assertThat(ended.how()).isEqualTo("was killed by signal 9 (SIGKILL)");
    }

    @Test
    void an_idle_worker_that_the_kernel_killed_for_memory_says_so_in_event_log_and_history() {
        pool = SteppedPool.started(1);
        try (CapturedLog log = new CapturedLog(WorkerLifeCycle.class)) {
            pool.worker(1).dieForMemory(FOR_MEMORY);

            await("the replacement", () -> pool.view().totals().recoveries() == 1);
            assertThat(log.messages()).anyMatch(line -> line.endsWith(FOR_MEMORY));
        }
        assertThat(pool.control().worker("default-1").history())
                .anyMatch(change -> change.detail().equals(FOR_MEMORY));
        await("the event", () -> !pool.events(WorkerEnded.class).isEmpty());
        assertThat(pool.events(WorkerEnded.class).get(0).how()).isEqualTo(FOR_MEMORY);
    }

    @Test
    void a_start_that_fails_is_tried_again_after_a_pause_and_its_reason_is_the_problem_of_the_pool() {
        pool = SteppedPool.of(1, Map.of(PoolParameter.RETRY_BASE_DELAY, 1_000L));
        pool.workers().startByHand();
        pool.start();
        await("the start", () -> pool.workers().all().size() == 1);
        pool.worker(1).failToStart("module 'numpy' does not import");
        await("a problem", () -> pool.view().problem() != null);
        assertThat(pool.view().problem()).contains("default-1", "module 'numpy' does not import");
        assertThat(pool.view().state()).isEqualTo("BROKEN");

        pool.pass(Duration.ofMillis(700));
        assertThat(pool.workers().all()).as("too early").hasSize(1);
        pool.passUntil("the next try", () -> pool.workers().all().size() == 2);
        pool.worker(2).ready();

        pool.awaitReady(1).pass(Duration.ofMillis(200));
        assertThat(pool.view().problem()).isNull();
    }

    @Test
    void a_refused_fork_breaks_the_pool_without_a_death_and_is_not_tried_again_until_something_changes() {
        pool = SteppedPool.of(2, Map.of());
        pool.workers().startByHand();
        pool.start();
        await("two starts", () -> pool.workers().all().size() == 2);
        CompletableFuture<Void> cleared = new CompletableFuture<>();
        pool.worker(1).refuse("workers would share a connection", cleared);
        pool.worker(2).refuse("workers would share a connection", cleared);

        await("no worker", () -> pool.view().size() == 0);
        pool.pass(Duration.ofMinutes(2));
        assertThat(pool.workers().all()).hasSize(2);
        assertThat(pool.view().state()).isEqualTo("BROKEN");
        assertThat(pool.view().problem())
                .startsWith("worker default-1 could not be forked: ")
                .endsWith(": workers would share a connection");
        assertThat(pool.view().totals().died()).isZero();
        assertThat(pool.events(WorkerEnded.class)).isEmpty();

        pool.workers().startAtOnce();
        cleared.complete(null);
        pool.awaitReady(2).pass(Duration.ofMillis(200));
        assertThat(pool.view().problem()).isNull();
    }

    @Test
    void a_rolling_restart_starts_workers_though_a_fork_was_refused_before() {
        pool = SteppedPool.of(1, Map.of());
        pool.workers().startByHand();
        pool.start();
        await("a start", () -> pool.workers().all().size() == 1);
        pool.worker(1).refuse("workers would lack a thread", new CompletableFuture<>());
        await("no worker", () -> pool.view().size() == 0);

        pool.workers().startAtOnce();
        pool.control().rollingRestart(SteppedPool.python(), OPERATOR);

        pool.awaitReady(1).pass(Duration.ofMillis(200));
        assertThat(pool.view().problem()).isNull();
        assertThat(pool.control().workers()).extracting(WorkerView::generation).containsExactly(2);
    }

    @Test
    void a_launch_that_fails_is_tried_again_and_leaves_no_worker_behind() {
        pool = SteppedPool.of(2, Map.of());
        pool.workers().failLaunches("python3.99 is not installed");
        pool.start();
        await("a problem", () -> pool.view().problem() != null);
        await("no worker", () -> pool.view().size() == 0);
        assertThat(pool.view().problem()).contains("python3.99 is not installed");

        pool.workers().failLaunches(null);
        pool.pass(Duration.ofSeconds(2));

        pool.awaitReady(2);
    }

    @Test
    void a_worker_that_is_not_ready_in_time_is_killed_and_counts_as_a_failed_start() {
        pool = SteppedPool.of(1, Map.of(PoolParameter.START_TIMEOUT, 2_000L));
        pool.workers().startByHand();
        pool.start();
        await("the start", () -> pool.workers().all().size() == 1);

        pool.pass(Duration.ofMillis(1_900));
        assertThat(pool.worker(1).isAlive()).isTrue();
        pool.pass(Duration.ofMillis(500)); // it is asked first where it hangs

        await("its end", () -> !pool.worker(1).isAlive());
        assertThat(pool.worker(1).signals()).containsExactly("DUMP", "KILL");
        assertThat(pool.view().problem()).contains("it was not ready within 2000 ms (StartTimeoutMillis)");
    }

    @Test
    void a_crash_loop_of_idle_workers_is_paced_one_replacement_at_a_time_and_the_others_go_on_serving() {
        pool = SteppedPool.started(2, Map.of(PoolParameter.RESTART_WINDOW, 60_000L));
        for (int death = 1; death <= 5; death++) {
            pool.workers().alive().get(0).die(7);
            int recoveries = death;
            await("recovery " + death, () -> pool.view().totals().recoveries() == recoveries);
        }
        pool.workers().startByHand();
        int launched = pool.workers().all().size();
        pool.workers().alive().get(0).die(7);
        await("one worker", () -> pool.view().size() == 1);

        assertThat(pool.view().state()).isEqualTo("DEGRADED");
        assertThat(pool.view().problem()).startsWith("more than 5 workers died without a call within 60 s");
        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
        assertThat(pool.workers().all()).as("paced").hasSize(launched);

        pool.passUntil("the replacement", () -> pool.workers().all().size() == launched + 1);
        pool.workers().startAtOnce();
        pool.workers().all().get(launched).ready();
        pool.passUntil(
                "full size", () -> pool.view().ready() == 2 && pool.view().problem() == null);
    }

    @Test
    void the_youngest_goes_when_the_pool_is_made_smaller_and_it_obeys_at_once() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.MAXIMUM_WORKERS, 2L));
        pool.control().resize(2, OPERATOR);
        pool.awaitReady(2);

        pool.control().resize(1, OPERATOR);

        pool.awaitReady(1);
        assertThat(pool.worker(2).signals()).containsExactly("STOP");
        assertThat(pool.worker(1).isAlive()).isTrue();
        assertThat(pool.view().totals().died()).as("that was no death").isZero();
    }

    @Test
    void a_worker_that_does_not_stop_gets_sigterm_after_its_grace_and_sigkill_after_twice_that() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.STOP_GRACE, 1_000L));
        FakeWorker stubborn = pool.worker(1);
        stubborn.ignoreStop();
        stubborn.ignoreTerm();
        pool.control().recycle("default-1", OPERATOR);
        await("a replacement", () -> pool.workers().all().size() == 2);
        await("STOP", () -> stubborn.signals().equals(List.of("STOP")));

        pool.pass(Duration.ofMillis(900));
        assertThat(stubborn.signals()).containsExactly("STOP");
        pool.pass(Duration.ofMillis(900));
        assertThat(stubborn.signals()).containsExactly("STOP", "TERM");
        pool.pass(Duration.ofMillis(400));

        assertThat(stubborn.signals()).containsExactly("STOP", "TERM", "KILL");
        pool.awaitReady(1);
    }

    @Test
    void a_busy_worker_that_is_recycled_ends_its_call_first_and_the_replacement_serves_meanwhile() {
        pool = SteppedPool.started(1);
        FakeCall call = pool.hold();

        pool.control().recycle("default-1", OPERATOR);
        await("a replacement", () -> pool.view().ready() == 1);
        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
        pool.pass(Duration.ofSeconds(10));
        assertThat(pool.worker(1).signals()).isEmpty();
        assertThat(pool.control().worker("default-1").state()).isEqualTo(WorkerState.DRAINING);

        call.result("1");

        pool.awaitReady(1);
        assertThat(pool.worker(1).signals()).containsExactly("STOP");
        assertThat(pool.view().totals().recycled()).isEqualTo(1);
        assertThat(pool.view().totals().errors()).isZero();
    }

    @Test
    void a_worker_that_dies_while_it_starts_is_replaced_after_a_pause_and_never_counted_as_started() {
        pool = SteppedPool.of(1, Map.of());
        pool.workers().startByHand();
        pool.start();
        await("the start", () -> pool.workers().all().size() == 1);

        pool.worker(1).dieOf(11);

        await("a problem", () -> pool.view().problem() != null);
        assertThat(pool.view().problem()).contains("was killed by signal 11 (SIGSEGV) before it was ready");
        assertThat(pool.view().totals().started()).isZero();
        await("no worker", () -> pool.view().size() == 0);
    }
}
