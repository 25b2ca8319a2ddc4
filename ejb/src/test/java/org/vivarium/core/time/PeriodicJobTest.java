package org.vivarium.core.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.ManualTicker;

class PeriodicJobTest {
    private final ManualTicker ticker = new ManualTicker();

    @Test
    void knows_how_often_it_ran_and_how_long_the_last_run_took() {
        PeriodicJob job = new PeriodicJob("sweep", () -> ticker.advance(Duration.ofMillis(7)), ticker);
        assertThat(job.lastDuration()).isZero();

        assertThat(job.runOnce()).isTrue();
        assertThat(job.runOnce()).isTrue();

        assertThat(job.runs()).isEqualTo(2);
        assertThat(job.failures()).isZero();
        assertThat(job.lastDuration()).isEqualTo(Duration.ofMillis(7));
    }

    @Test
    void a_failure_is_logged_counted_and_not_the_end() {
        PeriodicJob job = new PeriodicJob(
                "sweep",
                () -> {
                    ticker.advance(Duration.ofMillis(3));
                    throw new IllegalStateException("boom");
                },
                ticker);

        try (CapturedLog log = new CapturedLog(PeriodicJob.class)) {
            assertThat(job.runOnce()).isTrue();
            assertThat(job.runOnce()).isTrue();
            assertThat(log.messages())
                    .hasSize(2)
                    .allMatch(line -> line.equals("ERROR periodic job sweep failed; it will run again"));
        }
        assertThat(job.failures()).isEqualTo(2);
        assertThat(job.runs()).isEqualTo(2);
        assertThat(job.lastDuration()).isEqualTo(Duration.ofMillis(3));
    }

    @Test
    void a_run_that_comes_while_one_is_going_is_skipped_and_counted() {
        List<Boolean> nested = new ArrayList<>();
        PeriodicJob[] job = new PeriodicJob[1];
        job[0] = new PeriodicJob("sweep", () -> nested.add(job[0].runOnce()), ticker);

        assertThat(job[0].runOnce()).isTrue();
        assertThat(job[0].runOnce()).as("the one before has ended").isTrue();

        assertThat(nested).containsExactly(false, false);
        assertThat(job[0].skips()).isEqualTo(2);
        assertThat(job[0].runs()).isEqualTo(2);
    }
}
