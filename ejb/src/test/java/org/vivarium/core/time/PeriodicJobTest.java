package org.vivarium.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vivarium.testing.CapturedLog;

class PeriodicJobTest {
    private final List<String> done = new ArrayList<>();

    @Test
    void it_does_its_work_each_time() {
        PeriodicJob job = new PeriodicJob("sweep", () -> done.add("swept"));

        assertThat(job.runOnce()).isTrue();
        assertThat(job.runOnce()).isTrue();

        assertThat(done).containsExactly("swept", "swept");
    }

    @Test
    void a_failure_is_logged_and_not_the_end() {
        PeriodicJob job = new PeriodicJob("sweep", () -> {
            done.add("tried");
            throw new IllegalStateException("boom");
        });

        try (CapturedLog log = new CapturedLog(PeriodicJob.class)) {
            assertThat(job.runOnce()).isTrue();
            assertThat(job.runOnce()).isTrue();
            assertThat(log.messages())
                    .hasSize(2)
                    .allMatch(line -> line.equals("ERROR periodic job sweep failed; it will run again"));
        }
        assertThat(done).containsExactly("tried", "tried");
    }

    @Test
    void a_run_that_comes_while_one_is_going_is_skipped() {
        List<Boolean> nested = new ArrayList<>();
        PeriodicJob[] job = new PeriodicJob[1];
        job[0] = new PeriodicJob("sweep", () -> nested.add(job[0].runOnce()));

        assertThat(job[0].runOnce()).isTrue();
        assertThat(job[0].runOnce()).as("the one before has ended").isTrue();

        assertThat(nested).containsExactly(false, false);
    }
}
