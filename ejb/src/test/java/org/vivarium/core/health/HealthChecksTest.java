package org.vivarium.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallOptions;
import org.vivarium.api.WorkerHealth;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.FakeWorker;
import org.vivarium.testing.fake.SteppedPool;

class HealthChecksTest {
    private static final Map<PoolParameter, Long> SETTINGS = Map.of(
            PoolParameter.HEALTH_CHECK_TIMEOUT, 1_000L,
            PoolParameter.HEALTH_RECHECK, 5_000L,
            PoolParameter.MAXIMUM_HEALTH_FAILURES, 3L);

    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    private WorkerView worker(int number) {
        return pool.control().worker("default-" + number);
    }

    /** Checks all workers, of which {@code sick} lets its check time out. */
    private void checkInVain(FakeWorker sick) {
        int pings = sick.pings();
        CompletableFuture<Boolean> sweep = pool.background(() -> {
            pool.pool().checkHealth();
            return true;
        });
        await("a ping", () -> sick.pings() > pings);
        pool.pass(Duration.ofMillis(1_100));
        await("the end of the checks", sweep::isDone);
    }

    private long results(String result) {
        return pool.control().activity().healthChecks().get(result);
    }

    private void awaitState(int number, WorkerState state) {
        await("worker " + number + " is " + state, () -> worker(number).state() == state);
    }

    @Test
    void each_idle_worker_is_pinged_once_and_its_answer_is_remembered() {
        pool = SteppedPool.started(2, SETTINGS);
        pool.pass(Duration.ofSeconds(7));

        pool.pool().checkHealth();

        assertThat(pool.worker(1).pings()).isEqualTo(1);
        assertThat(pool.worker(2).pings()).isEqualTo(1);
        assertThat(worker(1).health()).isEqualTo(WorkerHealth.HEALTHY);
        assertThat(worker(1).lastCheck()).isEqualTo(pool.now());
        assertThat(results("PASSED")).isEqualTo(2);
        assertThat(worker(1).state()).isEqualTo(WorkerState.READY);
    }

    @Test
    void a_busy_worker_is_not_pinged_not_even_by_a_slot_that_is_free() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.SLOTS_PER_WORKER, 2L));
        FakeCall call = pool.hold();

        pool.pool().checkHealth();

        assertThat(pool.worker(1).pings()).isZero();
        call.result("1");
    }

    @Test
    void a_worker_that_does_not_answer_is_degraded_gets_no_calls_and_serves_again_once_it_answers() {
        pool = SteppedPool.started(2, SETTINGS);
        FakeWorker sick = pool.worker(1);
        sick.ignorePings();
        checkInVain(sick);
        awaitState(1, WorkerState.DEGRADED);
        assertThat(worker(1).healthFailures()).isEqualTo(1);
        assertThat(results("TIMED_OUT")).isEqualTo(1);
        for (int call = 0; call < 4; call++) {
            pool.call("echo", "{}", CallOptions.DEFAULT);
        }
        assertThat(worker(1).calls()).isZero();

        sick.answerPings();
        pool.pass(Duration.ofMillis(4_500));
        assertThat(worker(1).state()).as("its next check is not due").isEqualTo(WorkerState.DEGRADED);
        pool.pass(Duration.ofSeconds(1));

        awaitState(1, WorkerState.READY);
        await("both slots", () -> pool.view().idle() == 2);
        assertThat(worker(1).healthFailures()).isZero();
        assertThat(sick.signals()).isEmpty();
    }

    @Test
    void a_worker_that_fails_as_many_checks_in_a_row_as_are_allowed_is_killed_and_replaced() {
        pool = SteppedPool.started(1, SETTINGS);
        FakeWorker sick = pool.worker(1);
        sick.ignorePings();
        checkInVain(sick);
        awaitState(1, WorkerState.DEGRADED);

        Instant degraded = pool.now();
        pool.passUntil("the second failure", () -> worker(1).healthFailures() == 2);
        assertThat(Duration.between(degraded, pool.now())).isGreaterThanOrEqualTo(Duration.ofMillis(5_900));
        assertThat(sick.isAlive()).isTrue();
        pool.passUntil("its end", () -> !sick.isAlive());

        assertThat(Duration.between(degraded, pool.now())).isGreaterThanOrEqualTo(Duration.ofMillis(11_900));
        pool.awaitReady(1);
        assertThat(sick.signals()).containsExactly("KILL");
        assertThat(pool.view().problem()).as("no crash").isNull();
        assertThat(worker(1).history())
                .anyMatch(transition -> transition.reason().equals("TOO_MANY_HEALTH_FAILURES"));
    }

    @Test
    void a_worker_whose_channel_is_gone_is_replaced_by_its_check_before_a_call_meets_it() {
        pool = SteppedPool.started(1, SETTINGS);
        pool.worker(1).hangUp();

        pool.pool().checkHealth();

        await("a replacement", () -> pool.workers().all().size() == 2);
        pool.awaitReady(1);
        assertThat(pool.worker(1).signals()).contains("KILL");
        assertThat(results("CHANNEL_LOST")).isEqualTo(1);
        assertThat(pool.view().totals().errors()).isZero();
    }

    @Test
    void a_call_that_comes_by_another_slot_while_a_check_is_under_way_keeps_the_worker_from_being_degraded() {
        pool = SteppedPool.started(
                1, Map.of(PoolParameter.SLOTS_PER_WORKER, 2L, PoolParameter.HEALTH_CHECK_TIMEOUT, 1_000L));
        FakeWorker worker = pool.worker(1);
        worker.ignorePings();
        CompletableFuture<Boolean> sweep = pool.background(() -> {
            pool.pool().checkHealth();
            return true;
        });
        await("a ping", () -> worker.pings() == 1);
        CompletableFuture<String> call = pool.begin("hold");
        FakeCall held = pool.held(0);

        pool.pass(Duration.ofMillis(1_100));
        await("the end of the check", sweep::isDone);
        assertThat(worker(1).state()).isEqualTo(WorkerState.BUSY);
        assertThat(results("OVERTAKEN")).isEqualTo(1);
        assertThat(results("TIMED_OUT")).isZero();
        assertThat(worker(1).healthFailures()).isZero();

        worker.answerPings();
        held.result("1");
        assertThat(resultOf(call)).isEqualTo("1");
        awaitState(1, WorkerState.READY);
    }
}
