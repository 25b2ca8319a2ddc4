package org.vivarium.core.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.recovery.RecoveryPolicy.History;

class RecoveryPolicyTest {
    private static final RecoveryLimits DEFAULTS = RecoveryLimits.of(PoolSettings.DEFAULT);
    private static final double NO_JITTER = 0.5;

    /**
     * The whole policy at the defaults. Row = what failed, how often in a row (where that matters), deaths without a
     * call within the restart window including this one, and how many seconds an earlier decision still forbids starts.
     */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # failure           | in a row | crashes | forbidden s | decision        | delay ms
            PROCESS_EXITED      |          | 1       | 0           | REPLACE_NOW     | 0
            PROCESS_EXITED      |          | 5       | 0           | REPLACE_NOW     | 0
            PROCESS_EXITED      |          | 6       | 0           | PACE            | 100
            PROCESS_EXITED      |          | 7       | 0           | PACE            | 200
            PROCESS_EXITED      |          | 8       | 9           | PACE            | 400
            PROCESS_EXITED      |          | 11      | 0           | PACE            | 3200
            PROCESS_EXITED      |          | 99      | 0           | PACE            | 5000
            PROCESS_EXITED      |          | 1       | 7           | RETRY_AFTER     | 7000
            CHANNEL_LOST        |          | 5       | 0           | REPLACE_NOW     | 0
            CHANNEL_LOST        |          | 6       | 0           | PACE            | 100
            FRAME_MALFORMED     |          | 5       | 0           | REPLACE_NOW     | 0
            FRAME_MALFORMED     |          | 6       | 0           | PACE            | 100
            HEALTH_CHECK_FAILED | 1        | 0       | 0           | DEGRADE         | 5000
            HEALTH_CHECK_FAILED | 2        | 0       | 0           | DEGRADE         | 5000
            HEALTH_CHECK_FAILED | 2        | 9       | 9           | DEGRADE         | 5000
            HEALTH_CHECK_FAILED | 3        | 0       | 0           | REPLACE_NOW     | 0
            HEALTH_CHECK_FAILED | 3        | 9       | 0           | REPLACE_NOW     | 0
            HEALTH_CHECK_FAILED | 3        | 0       | 7           | RETRY_AFTER     | 7000
            HEARTBEAT_LOST      |          | 9       | 0           | REPLACE_NOW     | 0
            HEARTBEAT_LOST      |          | 0       | 7           | RETRY_AFTER     | 7000
            DEADLINE_PASSED     |          | 9       | 0           | REPLACE_NOW     | 0
            CANCEL_IGNORED      |          | 9       | 0           | REPLACE_NOW     | 0
            LIMIT_EXCEEDED      |          | 1       | 0           | REPLACE_NOW     | 0
            DEADLINE_PASSED     |          | 0       | 7           | RETRY_AFTER     | 7000
            START_FAILED        | 1        | 1       | 0           | RETRY_AFTER     | 1000
            START_FAILED        | 2        | 2       | 0           | RETRY_AFTER     | 2000
            START_FAILED        | 5        | 5       | 0           | RETRY_AFTER     | 16000
            START_FAILED        | 9        | 2       | 0           | RETRY_AFTER     | 30000
            START_FAILED        | 1        | 0       | 7           | RETRY_AFTER     | 7000
            START_FAILED        | 6        | 9       | 0           | RETRY_AFTER     | 30000
            FORK_REFUSED        |          | 0       | 0           | AWAIT_CHANGE    | 0
            FORK_REFUSED        |          | 9       | 7           | AWAIT_CHANGE    | 0
            NO_MEMORY           | 1        | 0       | 0           | RETRY_AFTER     | 1000
            NO_MEMORY           | 3        | 9       | 7           | RETRY_AFTER     | 4000
            NO_MEMORY           | 9        | 0       | 0           | RETRY_AFTER     | 30000
            """)
    void each_failure_has_its_decision(
            String kind, Integer inARow, int crashes, int forbidden, String decision, long delayMillis) {
        Failure failure = failure(kind, inARow == null ? 0 : inARow);

        Decision decided = RecoveryPolicy.decide(
                failure, new History(crashes, Duration.ofSeconds(forbidden), NO_JITTER), DEFAULTS);

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(decided.kind()).isEqualTo(decision);
        assertThat(decided.delay()).isEqualTo(Duration.ofMillis(delayMillis));
        assertThat(decided.reason()).contains(failure.worker()).contains(failure.how());
    }

    @Test
    void every_kind_of_failure_is_in_the_table() {
        assertThat(Failure.class.getPermittedSubclasses()).hasSize(11);
        assertThat(Decision.class.getPermittedSubclasses()).hasSize(5);
    }

    @Test
    void only_what_the_pool_did_not_end_itself_counts_as_a_crash() {
        assertThat(failure("PROCESS_EXITED", 0).isCrash()).isTrue();
        assertThat(failure("CHANNEL_LOST", 0).isCrash()).isTrue();
        assertThat(failure("FRAME_MALFORMED", 0).isCrash()).isTrue();
        assertThat(failure("START_FAILED", 1).isCrash()).isFalse();
        assertThat(failure("NO_MEMORY", 1).isCrash()).isFalse();
        assertThat(failure("FORK_REFUSED", 0).isCrash()).isFalse();
        assertThat(failure("DEADLINE_PASSED", 0).isCrash()).isFalse();
        assertThat(failure("CANCEL_IGNORED", 0).isCrash()).isFalse();
        assertThat(failure("HEALTH_CHECK_FAILED", 3).isCrash()).isFalse();
        assertThat(failure("HEARTBEAT_LOST", 0).isCrash()).isFalse();
    }

    @Test
    void the_reason_of_a_crash_loop_names_the_limit_the_window_and_the_last_worker() {
        Decision decided = RecoveryPolicy.decide(
                new Failure.ProcessExited("w-6", "exited with status 7"), new History(6, Duration.ZERO, 0), DEFAULTS);

        assertThat(decided.reason())
                .isEqualTo("more than 5 workers died without a call within 60 s, the last, w-6, exited with status 7");
    }

    @Property(tries = 200)
    void the_wait_after_a_failed_start_is_within_a_quarter_of_its_step(
            @ForAll @IntRange(min = 1, max = 20) int inARow,
            @ForAll @DoubleRange(min = 0, max = 1, maxIncluded = false) double chance) {
        Decision decided =
                RecoveryPolicy.decide(failure("START_FAILED", inARow), new History(1, Duration.ZERO, chance), DEFAULTS);

        double step = Math.min(30_000, 1_000 * Math.pow(2, inARow - 1));
        assertThat((double) decided.delay().toMillis()).isBetween(step * 0.75 - 1, step * 1.25 + 1);
    }

    private static Failure failure(String kind, int inARow) {
        return switch (kind) {
            case "PROCESS_EXITED" -> new Failure.ProcessExited("w-1", "was killed by signal 9 (SIGKILL)");
            case "CHANNEL_LOST" -> new Failure.ChannelLost("w-1", "end of file");
            case "FRAME_MALFORMED" -> new Failure.FrameMalformed("w-1", "reserved is 7");
            case "HEALTH_CHECK_FAILED" -> new Failure.CheckFailed("w-1", inARow, Duration.ofSeconds(5));
            case "HEARTBEAT_LOST" -> new Failure.HeartbeatLost("w-1", "gave no sign of life for 5000 ms");
            case "DEADLINE_PASSED" -> new Failure.DeadlinePassed("w-1", "sleep");
            case "CANCEL_IGNORED" -> new Failure.CancelIgnored("w-1", "left 1 thread behind");
            case "LIMIT_EXCEEDED" -> new Failure.LimitExceeded("w-1", "used too much memory", true);
            case "START_FAILED" -> new Failure.StartFailed("w-1", inARow, "module 'x' does not import");
            case "FORK_REFUSED" -> new Failure.ForkRefused("w-1", "workers would share a connection");
            case "NO_MEMORY" -> new Failure.NoMemory(inARow, "a worker needs 300 MiB");
            default -> throw new IllegalArgumentException(kind);
        };
    }
}
