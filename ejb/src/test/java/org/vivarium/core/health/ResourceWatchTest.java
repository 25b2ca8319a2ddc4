package org.vivarium.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.PythonException;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.process.procfs.TimedSample;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.SteppedPool;

/** The kernel tells of this JVM in the place of a worker: it is larger than the limits here. */
class ResourceWatchTest {
    private static final long OURS = ProcessHandle.current().pid();

    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void what_a_worker_uses_is_in_its_snapshot_and_costs_it_nothing_without_a_limit() {
        pool = SteppedPool.started(2);
        pool.worker(1).pretendToBe(OURS);

        pool.pool().checkResources();

        assertThat(pool.control().worker("default-1").rssBytes()).isGreaterThan(10 << 20);
        assertThat(pool.control().worker("default-1").openDescriptors()).isPositive();
        assertThat(pool.control().worker("default-2").rssBytes())
                .as("nobody knows that process")
                .isZero();
        TimedSample seen = pool.pool().processes().get(0).lastSample();
        assertThat(seen).isNotNull();
        assertThat(pool.workers().alive()).hasSize(2);
    }

    @Test
    void a_worker_above_the_soft_limit_ends_its_call_and_is_replaced() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.SOFT_MEMORY_MEGABYTES, 1L));
        pool.worker(1).pretendToBe(OURS);
        FakeCall call = pool.hold();

        pool.pool().checkResources();
        pool.pool().checkResources();

        call.result("1");
        pool.pool().checkResources();
        await("a replacement", () -> pool.view().totals().recycled() == 1);
        pool.awaitReady(1);
        assertThat(pool.worker(1).signals()).containsExactly("STOP");
        assertThat(pool.view().totals().errors()).isZero();
        assertThat(pool.control().worker("default-1").history())
                .anyMatch(transition -> transition.reason().equals("MEMORY_LIMIT_REACHED"));
    }

    @Test
    void a_worker_above_the_hard_limit_is_killed_and_its_call_hears_why() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.HARD_MEMORY_MEGABYTES, 2L));
        pool.worker(1).pretendToBe(OURS);
        CompletableFuture<String> call = pool.begin("hold");
        pool.held(0);

        pool.pool().checkResources();

        PythonException failure = failureOf(call);
        assertThat(failure.type()).isEqualTo("MemoryLimitExceeded");
        assertThat(failure).hasMessageContaining("HardMemoryMegabytes = 2");
        assertThat(failure.retryable()).as("it would take as much again").isFalse();
        pool.awaitReady(1);
        assertThat(pool.worker(1).signals()).contains("KILL");
    }
}
