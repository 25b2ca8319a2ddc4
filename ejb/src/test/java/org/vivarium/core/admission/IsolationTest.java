package org.vivarium.core.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.event.IsolationChanged;
import org.vivarium.api.view.IsolationView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.SteppedPool;

class IsolationTest {
    private final AtomicInteger kills = new AtomicInteger();
    private final List<FakeCall> running = new CopyOnWriteArrayList<>();
    private SteppedPool pool;

    @AfterEach
    void close() {
        running.forEach(call -> call.result("0"));
        pool.close();
    }

    /** Starts a pool whose program {@code poison} kills its first three workers and then runs until it is told. */
    private void start(int workers, Map<PoolParameter, Long> settings) {
        pool = SteppedPool.of(workers, settings);
        pool.workers().defineIdempotent("poison", call -> {
            if (kills.incrementAndGet() <= 3) {
                call.worker().dieOf(11);
            } else {
                running.add(call);
            }
        });
        pool.start().awaitReady(workers);
    }

    private void killThree() {
        for (int kill = 1; kill <= 3; kill++) {
            assertThat(failureOf(pool.begin("poison", "{}", CallOptions.DEFAULT.withIdempotent(false)))
                            .type())
                    .isEqualTo("WorkerLost");
        }
        pool.passUntil("isolation", () -> !pool.control().isolation().isEmpty());
        pool.passUntil("full size", () -> pool.view().ready() == pool.view().target());
    }

    @Test
    void three_kills_isolate_a_program_and_say_so() {
        start(3, Map.of());

        killThree();

        assertThat(pool.control().isolation())
                .singleElement()
                .extracting(IsolationView::program, IsolationView::kills)
                .containsExactly("poison", 3);
        assertThat(pool.view().problem()).as("no crash loop").isNull();
        await("the event", () -> pool.events(IsolationChanged.class).size() == 1);
        assertThat(pool.events(IsolationChanged.class)).singleElement().matches(IsolationChanged::isolated);
        assertThat(resultOf(pool.begin("echo"))).isEqualTo("{}");
    }

    @Test
    void calls_of_an_isolated_program_run_one_at_a_time_and_leave_the_other_workers_to_others() {
        start(3, Map.of());
        killThree();
        List<CompletableFuture<String>> calls =
                IntStream.range(0, 5).mapToObj(i -> pool.begin("poison")).toList();
        await("the first", () -> running.size() == 1);
        await("the rest in line", () -> pool.view().waiting() == 4);

        assertThat(resultOf(pool.begin("echo"))).as("others go on").isEqualTo("{}");
        assertThat(pool.view().busy()).isEqualTo(1);

        for (int done = 1; done <= 5; done++) {
            int now = done;
            await("call " + done, () -> running.size() == now);
            running.get(done - 1).result("" + done);
        }
        assertThat(calls).allSatisfy(call -> assertThat(resultOf(call)).isBetween("1", "5"));
    }

    @Test
    void calls_that_wait_for_a_worker_when_their_program_is_isolated_take_turns_as_well() {
        start(1, Map.of());
        FakeCall held = pool.hold();
        List<CompletableFuture<String>> calls =
                IntStream.range(0, 6).mapToObj(i -> pool.begin("poison")).toList();
        await("all in line", () -> pool.view().waiting() == 6);

        held.result("0");

        pool.passUntil("the first that survives", () -> running.size() == 1);
        assertThat(calls).filteredOn(CompletableFuture::isDone).hasSizeLessThanOrEqualTo(3);
        assertThat(pool.control().isolation()).hasSize(1);
    }

    @Test
    void an_isolated_program_holds_at_most_a_tenth_of_the_queue() {
        start(2, Map.of(PoolParameter.QUEUE_LIMIT, 20L));
        killThree();
        CompletableFuture<String> first = pool.begin("poison");
        await("the first", () -> running.size() == 1);
        List<CompletableFuture<String>> waiting =
                IntStream.range(0, 2).mapToObj(i -> pool.begin("poison")).toList();
        await("two in line", () -> pool.view().waiting() == 2);

        assertThat(failureOf(pool.begin("poison")).type()).isEqualTo("ProgramIsolated");

        assertThat(resultOf(pool.begin("echo"))).isEqualTo("{}");
        assertThat(List.of(first, waiting.get(0), waiting.get(1))).noneMatch(CompletableFuture::isDone);
    }

    @Test
    void calls_of_isolated_programs_wait_within_the_queue_that_all_share() {
        start(2, Map.of(PoolParameter.QUEUE_LIMIT, 10L));
        killThree();
        CompletableFuture<String> first = pool.begin("poison");
        await("the first", () -> running.size() == 1);
        FakeCall other = pool.hold();
        List<CompletableFuture<String>> waiting =
                IntStream.range(0, 10).mapToObj(i -> pool.begin("echo")).toList();
        await("a full queue", () -> pool.view().waiting() == 10);

        assertThat(failureOf(pool.begin("poison")).type()).isEqualTo("QueueFull");

        other.result("0");
        waiting.forEach(SteppedPool::resultOf);
        assertThat(first).isNotDone();
    }

    @Test
    void isolation_ends_a_minute_after_the_last_kill() {
        start(2, Map.of());
        killThree();
        pool.pass(Duration.ofSeconds(50));
        assertThat(pool.control().isolation()).hasSize(1);

        pool.pass(Duration.ofSeconds(15));

        await("release", () -> pool.control().isolation().isEmpty());
        await("the event", () -> pool.events(IsolationChanged.class).size() == 2);
        assertThat(pool.events(IsolationChanged.class)).last().matches(event -> !event.isolated());
    }

    @Test
    void an_operator_releases_a_program() {
        start(2, Map.of());
        killThree();

        pool.control().releaseProgram("poison", new Actor("ada", "rest"));

        assertThat(pool.control().isolation()).isEmpty();
        assertThatThrownBy(() -> pool.control().releaseProgram("poison", new Actor("ada", "rest")))
                .isInstanceOf(InvalidCallException.class)
                .hasMessage("program 'poison' of pool 'default' is not isolated");
    }

    @Test
    void a_call_of_a_program_that_may_run_twice_costs_at_most_two_workers() {
        start(3, Map.of(PoolParameter.MAXIMUM_RETRIES, 10L, PoolParameter.RETRY_BASE_DELAY, 10L));

        CompletableFuture<String> call = pool.begin("poison");
        pool.passUntil("its end", call::isDone);

        assertThat(failureOf(call).type()).isEqualTo("WorkerLost");
        assertThat(kills).hasValue(2);
    }
}
