package org.vivarium.core.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallOptions;
import org.vivarium.api.event.PoolResized;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.recovery.RestartGovernor;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.SteppedPool;

class CapacityPlannerTest {
    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void a_lazy_pool_has_no_worker_and_no_problem_until_its_first_call() {
        pool = SteppedPool.of(2, Map.of(PoolParameter.LAZY, 1L)).start();
        pool.pass(Duration.ofSeconds(5));
        assertThat(pool.workers().all()).isEmpty();
        assertThat(pool.view().state()).isEqualTo("IDLE");
        assertThat(pool.view().problem()).isNull();

        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");

        pool.awaitReady(2);
    }

    @Test
    void a_lazy_pool_that_is_lazy_no_more_starts_its_workers() {
        pool = SteppedPool.of(2, Map.of(PoolParameter.LAZY, 1L)).start();

        pool.configure(Map.of("Lazy", false));

        pool.awaitReady(2);
    }

    @Test
    void a_pool_grows_by_one_for_a_caller_who_waits_too_long_and_shrinks_after_the_idle_time() {
        pool = SteppedPool.started(
                1,
                Map.of(
                        PoolParameter.MAXIMUM_WORKERS, 2L,
                        PoolParameter.GROWTH_DELAY, 500L,
                        PoolParameter.IDLE_TIME, 10_000L));
        FakeCall first = pool.hold();
        CompletableFuture<String> second = pool.begin("hold");
        await("a caller in line", () -> pool.view().waiting() == 1);
        pool.pass(Duration.ofMillis(400));
        assertThat(pool.workers().all()).as("too early").hasSize(1);

        pool.pass(Duration.ofMillis(300));
        FakeCall late = pool.held(1);
        assertThat(late.worker().id()).isEqualTo("default-2");
        first.result("1");
        late.result("2");
        assertThat(resultOf(second)).isEqualTo("2");

        await("two idle workers", () -> pool.view().idle() == 2);
        pool.pass(Duration.ofMillis(9_500));
        assertThat(pool.view().size()).as("too early").isEqualTo(2);
        pool.pass(Duration.ofSeconds(1));
        pool.awaitReady(1);
        await("both changes", () -> pool.events(PoolResized.class).size() == 2);
        assertThat(pool.events(PoolResized.class)).extracting(PoolResized::by).containsOnly("load");
    }

    @Test
    void what_grew_above_the_maximum_goes_as_soon_as_nobody_waits() {
        pool = SteppedPool.started(
                1,
                Map.of(
                        PoolParameter.MAXIMUM_WORKERS, 1L,
                        PoolParameter.OVERFLOW, 1L,
                        PoolParameter.GROWTH_DELAY, 500L));
        FakeCall first = pool.hold();
        CompletableFuture<String> second = pool.begin("hold");
        await("a caller in line", () -> pool.view().waiting() == 1);
        pool.pass(Duration.ofMillis(700));
        pool.held(1).result("2");
        resultOf(second);

        pool.pass(Duration.ofMillis(300));
        await("one worker", () -> pool.view().size() == 1);

        assertThat(first.worker().isAlive()).as("it has a call").isTrue();
        first.result("1");
    }

    @Test
    void a_spare_takes_no_calls_until_it_takes_the_place_of_a_dead_worker_at_once() {
        pool = SteppedPool.of(1, Map.of(PoolParameter.WARM_SPARES, 1L)).start();
        await(
                "a worker and a spare",
                () -> pool.view().ready() == 1 && pool.view().spares() == 1);
        FakeCall call = pool.hold();
        CompletableFuture<String> waiting = pool.begin("echo");
        await("a caller in line", () -> pool.view().waiting() == 1);
        pool.workers().startByHand();

        call.worker().dieOf(9);

        assertThat(resultOf(waiting)).isEqualTo("{}");
        await("another spare starts", () -> pool.workers().all().size() == 3);
        assertThat(pool.worker(2).isAlive()).isTrue();
    }

    @Test
    void a_worker_that_is_too_old_is_replaced_whether_it_is_called_or_not() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.MAXIMUM_AGE, 10_000L));
        pool.pass(Duration.ofMillis(8_900));
        assertThat(pool.workers().all())
                .as("too early, whatever its share of the jitter")
                .hasSize(1);

        pool.pass(Duration.ofMillis(2_300));

        await("the end of the first", () -> !pool.worker(1).isAlive());
        assertThat(pool.worker(1).signals()).containsExactly("STOP");
        pool.awaitReady(1);
    }

    @Test
    void a_worker_that_has_had_its_calls_is_replaced_without_a_failure() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.MAXIMUM_CALLS, 20L));

        for (int call = 0; call < 23; call++) {
            assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
        }

        await("the end of the first", () -> !pool.worker(1).isAlive());
        pool.awaitReady(1);
        List<WorkerView> workers = pool.control().workers();
        assertThat(workers).extracting(WorkerView::id).containsExactly("default-2");
        assertThat(pool.view().totals().recycled()).isEqualTo(1);
    }

    @Test
    void workers_that_do_not_fit_into_memory_are_not_started_and_the_pool_goes_on_with_what_it_has() {
        pool = SteppedPool.of(4, Map.of(PoolParameter.HARD_MEMORY_MEGABYTES, 100L));
        pool.workers().memoryFree(250L << 20);
        try (CapturedLog log = new CapturedLog(RestartGovernor.class)) {
            pool.start().awaitReady(2);
            pool.workers().memoryFree(50L << 20);
            pool.pass(Duration.ofMinutes(2));

            assertThat(pool.workers().all()).hasSize(2);
            assertThat(pool.view().state()).isEqualTo("DEGRADED");
            assertThat(pool.view().problem())
                    .isEqualTo(
                            "no further worker is started: a worker needs 100 MiB (HardMemoryMegabytes), and 50 MiB of the memory of the container are free");
            assertThat(pool.view().decisions())
                    .singleElement()
                    .satisfies(decision -> assertThat(decision.failure()).isEqualTo("NO_MEMORY"));
            assertThat(log.messages()).as("told once").hasSize(1);
        }
        assertThat(resultOf(pool.begin("echo"))).isEqualTo("{}");

        pool.workers().memoryFree(1_000L << 20);
        pool.pass(Duration.ofSeconds(38)); // the longest back-off

        pool.awaitReady(4);
        assertThat(pool.view().problem()).isNull();
    }

    @Test
    void the_last_worker_is_replaced_at_once_though_nothing_fits() {
        pool = SteppedPool.of(2, Map.of(PoolParameter.HARD_MEMORY_MEGABYTES, 100L));
        pool.workers().memoryFree(0);
        pool.start().awaitReady(1);

        pool.worker(1).dieOf(9);

        await("its replacement", () -> pool.view().totals().recoveries() == 1);
        pool.awaitReady(1);
    }
}
