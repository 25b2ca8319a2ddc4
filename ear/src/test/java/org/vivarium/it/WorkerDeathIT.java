package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;
import org.vivarium.it.support.PythonProcesses;

@OnServer
class WorkerDeathIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final DefaultPool pool = new DefaultPool(vivarium);

    @BeforeEach
    @AfterEach
    void restore() throws JMException, IOException {
        pool.restore();
    }

    @Test
    void idle_workers_that_are_killed_are_replaced_and_no_call_fails() {
        long errors = pool.read("Errors");
        for (int round = 0; round < 5; round++) {
            List<Long> before = pool.processes();

            before.forEach(PythonProcesses::kill);

            pool.assertServes();
            pool.awaitWorkers(DefaultPool.WORKERS);
            assertThat(pool.processes()).doesNotContainAnyElementsOf(before);
        }
        assertThat(pool.read("Errors")).isEqualTo(errors);
    }

    @Test
    void a_busy_worker_that_is_killed_fails_its_call_and_is_replaced() throws Exception {
        var call = vivarium.begin("sleep", "{\"seconds\":60}");
        long victim = pool.awaitPid("BUSY");

        PythonProcesses.kill(victim);

        Problem problem = Problem.of(call.get(30, TimeUnit.SECONDS), 502);
        assertThat(problem.category()).isEqualTo("communication_error");
        assertThat(problem.type()).isEqualTo("WorkerLost");
        assertThat(problem.detail()).contains("was killed by signal 9 (SIGKILL) while it ran 'sleep'");
        assertThat(problem.context("worker")).startsWith("default-");
        assertThat(problem.json().getBoolean("retryable")).isTrue();
        pool.awaitWorkers(DefaultPool.WORKERS);
        assertThat(pool.processes()).doesNotContain(victim);
        pool.assertServes();
    }

    @Test
    void a_busy_worker_that_is_stopped_is_noticed_by_its_missing_heartbeats_and_is_replaced() throws Exception {
        var call = vivarium.begin("sleep", "{\"seconds\":50}");
        long victim = pool.awaitPid("BUSY");

        PythonProcesses.stop(victim);

        Problem problem = Problem.of(call.get(30, TimeUnit.SECONDS), 502);
        assertThat(problem.type()).isEqualTo("WorkerLost");
        assertThat(problem.detail())
                .contains("gave no sign of life for")
                .contains("the process is stopped by a signal");
        pool.awaitWorkers(DefaultPool.WORKERS);
        assertThat(vivarium.get("api/pools/default").body()).contains("HEARTBEAT_LOST");
        pool.assertServes();
    }
}
