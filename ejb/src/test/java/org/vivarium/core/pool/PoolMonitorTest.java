package org.vivarium.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.worker.StateTime;
import org.vivarium.api.view.worker.TransitionView;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.process.procfs.ProcessState;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.SteppedPool;

class PoolMonitorTest {
    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void each_worker_is_counted_once_by_its_state_and_each_slot_by_its_use() {
        pool = SteppedPool.started(3, Map.of(PoolParameter.SLOTS_PER_WORKER, 2L, PoolParameter.MAXIMUM_WORKERS, 4L));
        pool.workers().startByHand();
        FakeCall call = pool.hold();
        pool.control().resize(4, Actor.SERVICE);
        await("a worker that starts", () -> pool.view().starting() == 1);

        PoolView view = pool.view();

        assertThat(view.size()).isEqualTo(4);
        assertThat(view.ready()).isEqualTo(3);
        assertThat(view.busy()).isEqualTo(1);
        assertThat(view.idle()).isEqualTo(2);
        assertThat(view.slots()).isEqualTo(6);
        assertThat(view.busySlots()).isEqualTo(1);
        assertThat(view.target()).isEqualTo(4);
        assertThat(view.state()).isEqualTo("RUNNING");
        call.result("1");
    }

    @Test
    void a_worker_offers_all_its_slots_while_it_serves_and_then_only_those_that_are_busy() {
        pool = SteppedPool.started(2, Map.of(PoolParameter.SLOTS_PER_WORKER, 2L));
        FakeCall call = pool.hold();
        String busy = call.worker().id();
        assertThat(pool.control().slots()).isEqualTo(Map.of("default-1", 2, "default-2", 2));

        pool.control().recycle(busy, Actor.SERVICE);
        await("its replacement", () -> pool.control().worker(busy).state() == WorkerState.DRAINING);

        assertThat(pool.control().slots()).isEqualTo(Map.of(busy, 1, "default-2", 2, "default-3", 2));
        call.result("1");
    }

    @Test
    void what_workers_did_is_added_up_and_goes_on_counting_when_they_have_gone() {
        pool = SteppedPool.started(1);
        FakeCall call = pool.hold();
        pool.pass(Duration.ofSeconds(3));
        call.result("[1,2]");
        await("an idle worker", () -> pool.view().idle() == 1);
        pool.control().recycle("default-1", Actor.SERVICE);
        await(
                "its replacement alone",
                () -> pool.view().size() == 1
                        && pool.view().generation() == 1
                        && pool.control().workers().get(0).id().equals("default-2"));

        WorkerActivity activity = pool.control().activity();

        assertThat(activity.in(WorkerState.BUSY)).isEqualTo(new StateTime(WorkerState.BUSY, 3, 1));
        assertThat(activity.in(WorkerState.READY).stays()).isEqualTo(2);
        assertThat(activity.in(WorkerState.INITIALIZING).stays()).isEqualTo(2);
        assertThat(activity.receivedBytes()).isEqualTo("[1,2]".length());
        assertThat(activity.sentBytes()).isGreaterThan("hold".length());
        WorkerView gone = pool.control().worker("default-1");
        assertThat(gone.stateMillis()).containsEntry("BUSY", 3_000.0).doesNotContainKey("DEGRADED");
        assertThat(gone.receivedBytes()).isEqualTo(activity.receivedBytes());
        assertThat(gone.sentBytes()).isEqualTo(activity.sentBytes());
    }

    @Test
    void a_worker_keeps_as_many_changes_of_state_as_were_configured_when_it_was_started() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.HISTORY_LENGTH, 10L));
        for (int call = 0; call < 20; call++) {
            pool.call("echo", "{}", CallOptions.DEFAULT);
        }
        await("its last change", () -> pool.view().idle() == 1);

        assertThat(pool.control().worker("default-1").history()).hasSize(1 + 10);
    }

    @Test
    void a_pool_says_that_it_starts_until_its_first_worker_serves() {
        pool = SteppedPool.of(1, Map.of());
        pool.workers().startByHand();
        pool.start();
        await("a start", () -> pool.workers().all().size() == 1);
        assertThat(pool.view().state()).isEqualTo("STARTING");

        pool.worker(1).ready();

        pool.awaitReady(1);
        assertThat(pool.view().state()).isEqualTo("RUNNING");
    }

    @Test
    void the_snapshot_of_a_worker_tells_its_life_even_after_its_end() {
        pool = SteppedPool.of(1, Map.of());
        pool.workers().startByHand();
        pool.start();
        await("a start", () -> pool.workers().all().size() == 1);
        pool.pass(Duration.ofMillis(300));
        pool.worker(1).ready();
        pool.awaitReady(1);
        pool.worker(1).fallSilent(Duration.ofMillis(1_500), new ProcessState('S', Duration.ZERO));

        WorkerView alive = pool.control().worker("default-1");
        assertThat(alive.pid()).isEqualTo(pool.worker(1).pid());
        assertThat(alive.started()).isEqualTo(Instant.EPOCH);
        assertThat(alive.silentMillis()).isEqualTo(1_500);
        assertThat(alive.inService()).isTrue();
        pool.worker(1).dieOf(9);
        await("its end", () -> pool.view().totals().died() == 1 && pool.view().size() == 1);
        WorkerView ended = pool.control().worker("default-1");

        assertThat(ended.state()).isEqualTo(WorkerState.TERMINATED);
        assertThat(ended.history()).extracting(TransitionView::reason).startsWith("HANDSHAKE_OK", "PROCESS_EXITED");

        pool.service().change(Map.of("EndedWorkers", 0), Actor.SERVICE);
        assertThatThrownBy(() -> pool.control().worker("default-1")).hasMessageContaining("no worker 'default-1'");
    }
}
