package org.vivarium.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.api.view.worker.DecisionView;
import org.vivarium.api.view.worker.RecoveryCount;
import org.vivarium.core.config.ParameterStore;
import org.vivarium.core.config.PoolDefinition;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.PythonSettings;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.config.ServiceParameterStore;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.config.StartMethod;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.process.WorkerLauncher;
import org.vivarium.core.process.WorkerListener;
import org.vivarium.core.process.WorkerProcess;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.telemetry.Telemetry;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.ManualTicker;

public class RestartGovernorTest {
    private final ManualTicker ticker = new ManualTicker();
    private final ParameterStore store = new ParameterStore("p", PoolSettings.DEFAULT);
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(0);
    private final ServiceParameterStore service = new ServiceParameterStore();
    private final RestartGovernor governor = new RestartGovernor(new PoolContext(
            new PoolDefinition("p", python(), PoolSettings.DEFAULT),
            store,
            new NothingStarts(),
            new Telemetry(Thread::new),
            ticker,
            () -> Instant.EPOCH,
            timer,
            service::current,
            ByteBudget.unlimited()));
    private CapturedLog log;

    @BeforeEach
    void capture() {
        log = new CapturedLog(RestartGovernor.class);
    }

    @AfterEach
    void release() {
        log.close();
        timer.shutdownNow();
    }

    @Test
    void each_worker_that_takes_the_place_of_a_lost_one_is_a_recovery_with_a_time_of_its_own() {
        governor.lost(ticker.nanos());
        ticker.advance(Duration.ofMillis(10));
        governor.lost(ticker.nanos());
        ticker.advance(Duration.ofMillis(20));

        governor.serving("p-3");
        assertThat(governor.recoveryMillisLast()).isEqualTo(30);
        ticker.advance(Duration.ofMillis(5));
        governor.serving("p-4");
        assertThat(governor.recoveryMillisLast()).isEqualTo(25);
        governor.serving("p-5"); // the pool grows
        assertThat(governor.recoveries()).isEqualTo(2);
    }

    @Test
    void whoever_comes_into_a_pool_that_had_its_full_size_replaces_nobody() {
        governor.lost(ticker.nanos());
        governor.full(); // it was made smaller
        governor.serving("p-3");

        assertThat(governor.recoveries()).isZero();
        assertThat(governor.admit(64)).isEqualTo(64);
    }

    @Test
    void the_bound_of_replacements_a_second_holds_until_all_that_were_lost_are_replaced() {
        for (int worker = 0; worker < 15; worker++) {
            governor.lost(ticker.nanos());
        }
        assertThat(governor.admit(15)).isEqualTo(10);
        governor.serving("p-16");

        assertThat(governor.admit(5)).isZero();
        ticker.advance(Duration.ofSeconds(1));
        assertThat(governor.admit(5)).isEqualTo(5);
    }

    @Test
    void decisions_are_counted_by_failure_and_by_what_was_decided() {
        for (int crash = 1; crash <= 7; crash++) {
            crash();
        }
        governor.decide(new Failure.CheckFailed("p-1", 1, Duration.ofSeconds(5)), false);
        governor.decide(new Failure.DeadlinePassed("p-2", "sleep"), true);

        assertThat(governor.counts())
                .contains(
                        new RecoveryCount("HEALTH_CHECK_FAILED", "DEGRADE", 1),
                        new RecoveryCount("PROCESS_EXITED", "PACE", 2),
                        new RecoveryCount("PROCESS_EXITED", "REPLACE_NOW", 5))
                .extracting(RecoveryCount::failure)
                .contains("DEADLINE_PASSED");
    }

    @Test
    void from_the_sixth_death_without_a_call_on_replacements_are_paced_and_come_one_at_a_time() {
        for (int crash = 1; crash <= 5; crash++) {
            assertThat(crash()).isInstanceOf(Decision.ReplaceNow.class);
        }
        assertThat(governor.pausing()).isFalse();
        assertThat(governor.startsAtOnce()).isEqualTo(8);

        assertThat(crash()).isInstanceOf(Decision.Pace.class);

        assertThat(governor.pause()).isBetween(Duration.ofMillis(75), Duration.ofMillis(125));
        assertThat(governor.startsAtOnce()).isEqualTo(1);
        assertThat(governor.problem()).startsWith("more than 5 workers died without a call within 60 s");
        assertThat(log.messages()).last().asString().startsWith("WARN pool 'p': more than 5 workers died");
    }

    @Test
    void a_crash_loop_never_stops_replacements_for_more_than_five_seconds() {
        for (int crash = 1; crash <= 100; crash++) {
            crash();
            assertThat(governor.pause()).isLessThanOrEqualTo(Duration.ofMillis(6_250));
            ticker.advance(Duration.ofSeconds(7));
            assertThat(governor.pausing()).isFalse();
        }
    }

    @Test
    void deaths_in_a_call_are_never_a_crash_loop() {
        for (int death = 1; death <= 100; death++) {
            assertThat(governor.decide(new Failure.ProcessExited("w", "exited with status 7"), true))
                    .isInstanceOf(Decision.ReplaceNow.class);
        }
        assertThat(governor.problem()).isNull();
    }

    @Test
    void the_problem_is_told_until_the_pool_has_its_full_size_after_the_pause() {
        for (int crash = 0; crash < 6; crash++) {
            crash();
        }
        governor.full();
        assertThat(governor.problem()).as("the next start waits yet").isNotNull();

        ticker.advance(Duration.ofSeconds(1));
        assertThat(governor.problem()).as("nothing is solved yet").isNotNull();
        governor.full();
        assertThat(governor.problem()).isNull();
        assertThat(governor.startsAtOnce()).isEqualTo(8);
    }

    @Test
    void starts_that_fail_back_off_for_ever_and_are_no_crash_loop() {
        store.change(Map.of("RetryMaximumDelayMillis", 1_000), Actor.SERVICE);
        assertThat(governor.startsFail()).isFalse();
        for (int round = 1; round <= 20; round++) {
            assertThat(governor.startFailed("p-" + round, "no module")).isInstanceOf(Decision.RetryAfter.class);
            ticker.advance(Duration.ofMillis(1_300));
        }
        assertThat(governor.problem()).contains("p-20", "could not start: no module");
        assertThat(governor.startsFail()).isTrue();
        governor.started();
        assertThat(governor.startsFail()).isFalse();
    }

    @Test
    void at_most_ten_workers_a_second_start_in_the_place_of_lost_ones() {
        assertThat(governor.admit(64))
                .as("nothing was lost: a pool that starts")
                .isEqualTo(64);
        governor.lost(ticker.nanos());

        assertThat(governor.admit(7)).isEqualTo(7);
        assertThat(governor.admit(7)).isEqualTo(3);
        assertThat(governor.admit(7)).isZero();
        ticker.advance(Duration.ofSeconds(1));
        assertThat(governor.admit(7)).isEqualTo(7);
    }

    @Test
    void calls_that_pass_their_deadline_and_sick_workers_never_forbid_starts() {
        for (int i = 0; i < 100; i++) {
            assertThat(governor.decide(new Failure.DeadlinePassed("w", "sleep"), false))
                    .isInstanceOf(Decision.ReplaceNow.class);
            assertThat(governor.decide(new Failure.HeartbeatLost("w", "gave no sign of life"), false))
                    .isInstanceOf(Decision.ReplaceNow.class);
            assertThat(governor.decide(new Failure.CheckFailed("w", 3, Duration.ofSeconds(5)), false))
                    .isInstanceOf(Decision.ReplaceNow.class);
        }
        assertThat(governor.problem()).isNull();
        assertThat(governor.pausing()).isFalse();
    }

    @Test
    void crashes_that_are_further_apart_never_forbid_starts() {
        for (int crash = 0; crash < 100; crash++) {
            assertThat(crash()).isInstanceOf(Decision.ReplaceNow.class);
            ticker.advance(Duration.ofSeconds(13));
        }
    }

    @Test
    void workers_that_were_started_together_and_fail_together_are_one_failed_start() {
        for (int worker = 1; worker <= 8; worker++) {
            governor.startFailed("p-" + worker, "no module");
        }
        assertThat(governor.pause()).isBetween(Duration.ofMillis(750), Duration.ofMillis(1_250));

        ticker.advance(Duration.ofSeconds(2));
        governor.startFailed("p-9", "no module");
        assertThat(governor.pause()).isBetween(Duration.ofMillis(1_500), Duration.ofMillis(2_500));
    }

    @Test
    void a_traceback_is_logged_once_and_later_only_its_first_line_until_the_problem_changes() {
        governor.startFailed("p-1", "no module\nTraceback: one");
        ticker.advance(Duration.ofSeconds(2));
        governor.startFailed("p-2", "no module\nTraceback: one");
        ticker.advance(Duration.ofSeconds(4));
        governor.startFailed("p-3", "no disk\nTraceback: two");

        assertThat(log.messages()).hasSize(3);
        assertThat(log.messages().get(0)).contains("worker p-1 could not start: no module\nTraceback: one");
        assertThat(log.messages().get(1)).contains("worker p-2 could not start: no module (as before); next try in");
        assertThat(log.messages().get(1)).doesNotContain("Traceback");
        assertThat(log.messages().get(2)).contains("no disk\nTraceback: two");
        assertThat(governor.problem()).as("always in full").contains("Traceback: two");
    }

    @Test
    void a_refused_fork_forbids_all_starts_until_something_has_changed_and_is_told_once() {
        governor.forkRefused("p-1", "workers would share a connection");
        governor.forkRefused("p-2", "workers would share a connection");
        ticker.advance(Duration.ofHours(1));

        assertThat(governor.pausing()).isTrue();
        assertThat(governor.startsFail()).isTrue();
        governor.full(); // it was made smaller, but could still replace nobody
        assertThat(governor.problem()).isEqualTo("worker p-1 could not be forked: workers would share a connection");
        assertThat(log.messages())
                .singleElement()
                .asString()
                .endsWith(
                        "worker p-1 could not be forked: workers would share a connection; next try when that has changed");
        assertThat(governor.counts()).containsExactly(new RecoveryCount("FORK_REFUSED", "AWAIT_CHANGE", 1));

        governor.changed();
        assertThat(governor.pausing()).isFalse();
        assertThat(governor.startsFail()).isFalse();
        governor.full();
        assertThat(governor.problem()).isNull();
    }

    @Test
    void how_many_decisions_are_kept_can_be_changed_and_counts_at_once() {
        for (int worker = 1; worker <= 30; worker++) {
            governor.decide(new Failure.DeadlinePassed("p-" + worker, "sleep"), false);
        }

        service.change(Map.of("RecoveryDecisions", 3), new Actor("ada", "rest"));
        assertThat(governor.decisions()).extracting(DecisionView::worker).containsExactly("p-28", "p-29", "p-30");
        service.change(Map.of("RecoveryDecisions", 1_000), new Actor("ada", "rest"));
        governor.decide(new Failure.DeadlinePassed("p-31", "sleep"), false);
        assertThat(governor.decisions()).hasSize(21); // what had gone by then does not come back
    }

    @Test
    void the_last_twenty_decisions_are_kept_in_order_each_with_its_reason_in_one_line() {
        for (int worker = 1; worker <= 30; worker++) {
            governor.decide(new Failure.DeadlinePassed("p-" + worker, "sleep"), false);
        }
        governor.startFailed("p-31", "no module\nTraceback");

        List<DecisionView> decisions = governor.decisions();
        assertThat(decisions).hasSize(ServiceSettings.DEFAULT.integer(ServiceParameter.DECISIONS));
        assertThat(decisions.get(0))
                .isEqualTo(new DecisionView(
                        Instant.EPOCH,
                        "p-12",
                        "DEADLINE_PASSED",
                        "REPLACE_NOW",
                        0,
                        "worker p-12 ran 'sleep' past its deadline"));
        assertThat(decisions.get(19).reason()).isEqualTo("worker p-31 could not start: no module");
        assertThat(decisions.get(19).decision()).isEqualTo("RETRY_AFTER");
    }

    @Test
    void the_time_of_a_recovery_runs_from_the_loss_to_the_next_worker_that_is_ready() {
        assertThat(governor.recoveryMillisLast()).isNaN();
        governor.lost(ticker.nanos());
        ticker.advance(Duration.ofMillis(70));
        governor.serving("default-2");
        ticker.advance(Duration.ofSeconds(1));
        governor.serving("default-2");

        assertThat(governor.recoveryMillisLast()).isEqualTo(70);
    }

    private Decision crash() {
        return governor.decide(new Failure.ProcessExited("w", "exited with status 7"), false);
    }

    public static PythonSettings python() {
        return new PythonSettings(
                "python3", StartMethod.FORKSERVER, List.of(), List.of(), List.of(), List.of(), Map.of(), 1, Map.of());
    }

    public record NothingStarts() implements WorkerLauncher {
        @Override
        public CompletableFuture<WorkerProcess> launch(
                PythonSettings python, WorkerRequest request, WorkerListener listener) {
            throw new AssertionError("nothing is started here");
        }

        @Override
        public void retire(PythonSettings python, String edition, String pool) {
            throw new AssertionError("nothing is retired here");
        }
    }
}
