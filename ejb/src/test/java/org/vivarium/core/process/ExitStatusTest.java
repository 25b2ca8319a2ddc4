package org.vivarium.core.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the end of a process is told. */
class ExitStatusTest {
    private static final String CAUSE = "was killed by the kernel for memory, limit 2 GiB";

    @Test
    void a_cause_says_more_than_the_signal() {
        ExitStatus status = ExitStatus.of(Map.of("signal", 9)).explained(() -> CAUSE);

        assertThat(status.inWords()).isEqualTo(CAUSE);
        assertThat(status.bySignal()).isEqualTo("was killed by signal 9 (SIGKILL)");
    }

    @Test
    void a_kill_without_a_cause_is_told_by_its_signal() {
        assertThat(ExitStatus.of(Map.of("signal", 9)).explained(() -> null).inWords())
                .isEqualTo("was killed by signal 9 (SIGKILL)");
    }

    @Test
    void a_process_that_had_no_descriptor_to_connect_with_says_which_limit_to_raise() {
        assertThat(ExitStatus.of(Map.of("code", 71)).inWords())
                .startsWith("exited with status 71, which says that it had no file descriptor left")
                .contains("ulimit -n", "LimitNOFILE");
    }

    @Test
    void nobody_asks_why_a_process_ended_otherwise() {
        for (Map<String, Object> message :
                List.<Map<String, Object>>of(Map.of("signal", 11), Map.of("code", 9), Map.of())) {
            ExitStatus status = ExitStatus.of(message);

            assertThat(status.explained(() -> {
                        throw new AssertionError("asked");
                    }))
                    .isEqualTo(status);
        }
        assertThat(ExitStatus.UNKNOWN.inWords()).isEqualTo("ended with unknown status");
    }
}
