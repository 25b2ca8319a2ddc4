package org.vivarium.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.PoolResourceException;
import org.vivarium.api.WorkerLostException;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.log.Audit;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.SteppedPool;

/** Built-in commands that operators have one worker run. */
class WorkerCommandsTest {
    private static final Actor ADA = new Actor("ada", "rest");

    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void a_command_is_run_by_the_worker_that_was_named_and_the_log_tells_who_asked() {
        pool = SteppedPool.started(2);
        pool.workers()
                .define(
                        "$collect_garbage",
                        call -> call.result(
                                "{\"collected\":" + call.worker().id().length() + "}"));

        try (CapturedLog log = new CapturedLog(Audit.LOGGER)) {
            assertThat(pool.control().collectGarbage("default-2", ADA)).isEqualTo(9);
            assertThat(log.messages())
                    .containsExactly("INFO action=collect-garbage actor=ada door=rest pool=default worker=default-2");
        }
        assertThat(pool.view().idle()).isEqualTo(2);
        assertThat(pool.view().totals().calls()).as("no call of anybody").isZero();
    }

    @Test
    void a_worker_without_a_free_slot_is_busy_and_one_that_is_not_there_unknown() {
        pool = SteppedPool.started(1);
        FakeCall call = pool.hold();

        assertThatThrownBy(() -> pool.control().collectGarbage("default-1", ADA))
                .isInstanceOf(PoolResourceException.class)
                .hasMessage("worker default-1 is BUSY and has no free slot; try again when it is idle");
        assertThatThrownBy(() -> pool.control().collectGarbage("default-7", ADA))
                .isInstanceOf(InvalidCallException.class);
        call.result("1");
    }

    @Test
    void a_worker_with_another_slot_runs_the_command_beside_its_call() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.SLOTS_PER_WORKER, 2L));
        pool.workers().define("$collect_garbage", call -> call.result("{\"collected\":0}"));
        FakeCall call = pool.hold();

        assertThat(pool.control().collectGarbage("default-1", ADA)).isZero();
        call.result("1");
    }

    @Test
    void a_worker_that_does_not_answer_in_the_time_that_is_set_is_replaced() {
        pool = SteppedPool.started(1);
        pool.service().change(Map.of("GarbageTimeoutMillis", 5_000), ADA);
        CompletableFuture<FakeCall> asks = new CompletableFuture<>();
        pool.workers().define("$collect_garbage", asks::complete);
        CompletableFuture<Long> asked = pool.background(() -> pool.control().collectGarbage("default-1", ADA));
        await("the command", asks::isDone);

        pool.passUntil("the end of patience", asked::isDone);

        assertThat(failureOf(asked))
                .isInstanceOf(WorkerLostException.class)
                .hasMessage("worker default-1 was lost: no answer to $collect_garbage within 5000 ms");
        pool.awaitReady(1);
        assertThat(pool.worker(1).signals()).contains("KILL");
        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
    }

    @Test
    void a_worker_whose_answer_makes_no_sense_is_replaced() {
        pool = SteppedPool.started(1);
        pool.workers().define("$collect_garbage", call -> call.result("{}"));

        assertThatThrownBy(() -> pool.control().collectGarbage("default-1", ADA))
                .isInstanceOf(WorkerLostException.class)
                .hasMessageContaining("the answer to $collect_garbage has no number of objects");
        await("a replacement", () -> pool.workers().all().size() == 2);
    }
}
