package org.vivarium.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vivarium.api.WorkerHealth;
import org.vivarium.api.WorkerId;
import org.vivarium.api.WorkerState;
import org.vivarium.testing.ManualTicker;

class WorkerTest {
    private static final Instant NOW = Instant.EPOCH;

    private final List<String> heard = new ArrayList<>();
    private final ManualTicker ticker = new ManualTicker();
    private final Worker worker = new Worker(
            new WorkerStateMachine(new WorkerId("test", 1), ticker, () -> NOW, 10, transition -> hear(transition.to())),
            1,
            NOW);

    private void hear(WorkerState state) {
        heard.add(worker.health() + " " + state);
    }

    @Test
    void a_failed_check_marks_a_worker_unhealthy_and_then_degrades_it() {
        ready();

        assertThat(worker.checkFailed(NOW, "no answer")).isTrue();

        assertThat(heard).containsExactly("UNKNOWN READY", "UNHEALTHY DEGRADED");
        assertThat(worker.healthFailures()).isEqualTo(1);
    }

    @Test
    void a_check_that_a_busy_worker_fails_changes_nothing() {
        ready();
        worker.machine().tryCheckOut();

        assertThat(worker.checkFailed(NOW, "no answer")).isFalse();

        assertThat(worker.health()).isEqualTo(WorkerHealth.HEALTHY);
        assertThat(worker.state()).isEqualTo(WorkerState.BUSY);
        assertThat(worker.healthFailures()).isZero();
        assertThat(worker.lastCheck()).isEqualTo(NOW);
    }

    @Test
    void further_failures_are_counted_and_a_check_that_passes_resets_them() {
        ready();
        worker.checkFailed(NOW, "no answer");
        assertThat(worker.checkFailed(NOW.plusSeconds(5), "no answer")).isTrue();

        assertThat(worker.healthFailures()).isEqualTo(2);
        assertThat(worker.lastCheck()).isEqualTo(NOW.plusSeconds(5));
        worker.checkPassed(NOW.plusSeconds(10));
        assertThat(worker.healthFailures()).isZero();
        assertThat(worker.health()).isEqualTo(WorkerHealth.HEALTHY);
    }

    @Test
    void a_worker_that_was_discarded_stays_unhealthy() {
        ready();
        worker.machine().tryCheckOut();
        worker.discarded();

        assertThat(worker.checkFailed(NOW, "no answer")).isFalse();
        assertThat(worker.health()).isEqualTo(WorkerHealth.UNHEALTHY);
    }

    private void ready() {
        worker.machine().becomeReady();
        worker.checkPassed(NOW);
    }
}
