package org.vivarium.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.PythonException;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.process.procfs.ProcessState;
import org.vivarium.testing.fake.FakeWorker;
import org.vivarium.testing.fake.SteppedPool;

class HeartbeatsTest {
    private static final ProcessState STOPPED = new ProcessState('T', Duration.ofMillis(70));
    private static final ProcessState RUNNING = new ProcessState('R', Duration.ofMillis(70));

    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    /** Looks once a second, while {@code worker} is silent for longer and longer, up to {@code seconds}. */
    private void lookAt(FakeWorker worker, int seconds, ProcessState seen) {
        for (int second = 1; second <= seconds; second++) {
            worker.fallSilent(Duration.ofSeconds(second), seen);
            pool.pool().checkHeartbeats();
        }
    }

    @Test
    void a_busy_worker_that_gives_no_sign_of_life_is_killed_and_its_call_hears_for_how_long() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> call = pool.begin("hold");
        FakeWorker silent = pool.held(0).worker();

        lookAt(silent, 4, STOPPED);
        assertThat(silent.isAlive()).as("five may be missing").isTrue();
        lookAt(silent, 6, STOPPED);

        PythonException failure = failureOf(call);
        assertThat(failure.type()).isEqualTo("WorkerLost");
        assertThat(failure)
                .hasMessageContaining("gave no sign of life for")
                .hasMessageContaining("stopped by a signal");
        pool.awaitReady(1);
        assertThat(silent.signals()).containsOnly("KILL");
    }

    @Test
    void a_busy_worker_that_computes_is_left_alone_however_silent_it_is() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> call = pool.begin("hold");
        FakeWorker silent = pool.held(0).worker();

        lookAt(silent, 60, RUNNING);

        assertThat(silent.isAlive()).isTrue();
        pool.held(0).result("1");
        assertThat(resultOf(call)).isEqualTo("1");
    }

    @Test
    void a_worker_that_is_heard_again_begins_anew() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> call = pool.begin("hold");
        FakeWorker worker = pool.held(0).worker();

        lookAt(worker, 4, STOPPED);
        worker.fallSilent(Duration.ZERO, RUNNING);
        pool.pool().checkHeartbeats();
        lookAt(worker, 4, STOPPED);

        assertThat(worker.isAlive()).isTrue();
        pool.held(0).result("1");
        resultOf(call);
    }

    @Test
    void an_idle_worker_that_is_silent_is_pinged_out_of_turn_and_not_killed() {
        pool = SteppedPool.started(1);
        FakeWorker silent = pool.worker(1);

        lookAt(silent, 4, STOPPED);
        assertThat(silent.pings()).isZero();
        lookAt(silent, 6, STOPPED);

        await("a ping", () -> silent.pings() > 0);
        assertThat(silent.isAlive()).isTrue();
    }

    @Test
    void a_silent_spare_is_replaced_before_it_takes_the_place_of_another() {
        pool = SteppedPool.of(1, Map.of(PoolParameter.WARM_SPARES, 1L)).start();
        await("a spare", () -> pool.view().spares() == 1 && pool.view().ready() == 1);

        lookAt(pool.worker(2), 6, STOPPED);

        await(
                "another spare",
                () -> pool.workers().all().size() == 3 && pool.view().spares() == 1);
        assertThat(pool.worker(2).signals()).containsExactly("KILL");
        assertThat(pool.worker(1).isAlive()).isTrue();
    }
}
