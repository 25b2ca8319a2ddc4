package org.vivarium.core.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.view.worker.RolloutView;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.FakeWorker;
import org.vivarium.testing.fake.SteppedPool;

class RolloutsTest {
    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    private void restart() {
        pool.control().rollingRestart(SteppedPool.python(), new Actor("ada", "rest"));
    }

    private RolloutView rollout() {
        return pool.view().rollout();
    }

    private void awaitState(String state) {
        await("rollout " + state, () -> rollout().state().equals(state));
    }

    @Test
    void all_workers_go_over_to_the_next_generation_and_the_old_edition_is_given_back() {
        pool = SteppedPool.started(3);

        restart();

        awaitState("DONE");
        pool.awaitReady(3);
        assertThat(pool.control().workers()).extracting(WorkerView::generation).containsOnly(2);
        assertThat(rollout().replaced()).isEqualTo(3);
        assertThat(rollout().by()).isEqualTo("ada");
        assertThat(pool.view().totals().recycled()).isEqualTo(3);
        assertThat(pool.workers().retired()).as("that of the first generation").containsExactly("");
        assertThat(pool.worker(4).request().edition()).isEqualTo("default#2");
    }

    @Test
    void the_first_worker_of_the_new_generation_takes_no_calls_until_it_has_answered_a_check() {
        pool = SteppedPool.started(1);
        pool.workers().startByHand();
        restart();
        await("a worker on trial", () -> pool.workers().all().size() == 2);
        FakeWorker onTrial = pool.worker(2);
        onTrial.ignorePings();
        onTrial.ready();
        await("its check", () -> onTrial.pings() == 1);
        assertThat(rollout().state()).isEqualTo("PROVING");
        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
        assertThat(pool.control().worker("default-1").calls()).isEqualTo(1);

        onTrial.answerPings();

        awaitState("DONE");
        pool.awaitReady(1);
        assertThat(pool.worker(1).isAlive()).isFalse();
    }

    @Test
    void a_generation_whose_first_worker_does_not_fit_into_memory_is_given_up_before_it_starts() {
        pool = SteppedPool.started(2, Map.of(PoolParameter.HARD_MEMORY_MEGABYTES, 100L));
        pool.workers().memoryFree(50L << 20);

        restart();

        awaitState("ROLLED_BACK");
        assertThat(rollout().problem())
                .isEqualTo(
                        "generation 2 was rolled back: worker default-3 could not start: a worker needs 100 MiB (HardMemoryMegabytes), and 50 MiB of the memory of the container are free");
        assertThat(pool.workers().all()).containsExactly(pool.worker(1), pool.worker(2));
    }

    @Test
    void a_generation_whose_first_worker_does_not_start_is_given_up_and_the_old_workers_never_notice() {
        pool = SteppedPool.started(2);
        pool.workers().startByHand();
        restart();
        await("a worker on trial", () -> pool.workers().all().size() == 3);

        pool.worker(3).failToStart("module 'app' does not import: SyntaxError\nTraceback …\nSyntaxError: line 3");

        awaitState("ROLLED_BACK");
        assertThat(rollout().problem())
                .contains("generation 2 was rolled back: worker default-3 could not start", "[SyntaxError: line 3]");
        assertThat(pool.workers().alive()).containsExactly(pool.worker(1), pool.worker(2));
        assertThat(pool.view().generation()).isEqualTo(1);
        assertThat(pool.view().problem()).as("the pool has none").isNull();
        assertThat(pool.workers().retired()).containsExactly("default#2");
    }

    @Test
    void a_generation_whose_first_worker_does_not_answer_its_check_is_given_up() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.HEALTH_CHECK_TIMEOUT, 2_000L));
        pool.workers().startByHand();
        restart();
        await("a worker on trial", () -> pool.workers().all().size() == 2);
        pool.worker(2).ignorePings();
        pool.worker(2).ready();
        await("its check", () -> pool.worker(2).pings() == 1);

        pool.pass(Duration.ofSeconds(3));

        awaitState("ROLLED_BACK");
        assertThat(rollout().problem()).contains("did not answer its health check within 2000 ms");
        assertThat(pool.worker(2).signals()).containsExactly("KILL");
    }

    @Test
    void a_check_that_fails_unexpectedly_gives_the_generation_up_and_the_next_rollout_may_begin() {
        pool = SteppedPool.started(1);
        pool.workers().startByHand();
        restart();
        await("a worker on trial", () -> pool.workers().all().size() == 2);
        pool.worker(2).ignorePings();
        pool.worker(2).ready();
        await("its check", () -> pool.worker(2).pings() == 1);

        pool.worker(2).channels().get(0).close();

        awaitState("ROLLED_BACK");
        assertThat(rollout().problem()).contains("default-2", "failed its health check: java.nio.channels");
        pool.workers().startAtOnce();
        restart();
        awaitState("DONE");
    }

    @Test
    void a_launch_that_throws_ends_the_rollout() {
        pool = SteppedPool.started(1);
        pool.workers().throwAtLaunch(new IllegalStateException("no such edition"));

        restart();

        awaitState("ROLLED_BACK");
        assertThat(rollout().problem()).contains("default-2", "IllegalStateException: no such edition");
        assertThat(pool.workers().alive()).containsExactly(pool.worker(1));
    }

    @Test
    void a_generation_that_fails_half_way_is_rolled_back_to_a_whole_old_one() {
        pool = SteppedPool.started(2, Map.of(PoolParameter.MAXIMUM_REPLACEMENTS, 1L));
        FakeCall first = pool.hold();
        FakeCall second = pool.hold();
        pool.workers().startByHand();
        restart();
        await("a worker on trial", () -> pool.workers().all().size() == 3);
        pool.worker(3).ready();
        awaitState("REPLACING");
        first.result("1");
        await("the start of the next", () -> pool.workers().all().size() == 4);

        pool.worker(4).failToStart("no memory");
        pool.workers().startAtOnce();
        second.result("2");
        pool.workers().alive().stream()
                .filter(worker -> worker.pid() > pool.worker(4).pid())
                .forEach(FakeWorker::ready);

        awaitState("ROLLED_BACK");
        pool.awaitReady(2);
        assertThat(pool.control().workers()).extracting(WorkerView::generation).containsOnly(1);
        assertThat(pool.worker(3).isAlive()).isFalse();
        assertThat(rollout().problem()).contains("default-4", "no memory");
    }

    @Test
    void only_one_rolling_restart_goes_on_at_a_time_and_another_may_follow() {
        pool = SteppedPool.started(1);
        pool.workers().startByHand();
        restart();

        assertThatThrownBy(this::restart)
                .isInstanceOf(InvalidCallException.class)
                .hasMessageContaining("a rolling restart of pool");

        await("a worker on trial", () -> pool.workers().all().size() == 2);
        pool.worker(2).ready();
        awaitState("DONE");
        pool.workers().startAtOnce();
        restart();
        await("generation 3", () -> pool.view().generation() == 3);
    }

    @Test
    void a_program_that_the_new_generation_lacks_is_remarked_and_unknown_from_then_on() {
        pool = SteppedPool.started(1);
        pool.workers().forget("echo");

        restart();

        awaitState("DONE");
        assertThat(rollout().remark()).isEqualTo("generation 2 lacks the programs: echo");
        assertThatThrownBy(() -> pool.call("echo", "{}", CallOptions.DEFAULT))
                .isInstanceOf(InvalidCallException.class)
                .hasMessageContaining("no program 'echo'");
    }
}
