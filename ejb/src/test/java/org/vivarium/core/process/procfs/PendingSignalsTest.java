package org.vivarium.core.process.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.vivarium.testing.StartsProcesses;

@StartsProcesses
class PendingSignalsTest {
    private static final int USR1 = 10;

    @Test
    void a_signal_that_a_stopped_process_was_sent_waits_for_it_and_no_other_one_does()
            throws IOException, InterruptedException {
        Process sleeper = new ProcessBuilder("sleep", "60").start();
        try {
            assertThat(PendingSignals.contains(sleeper.pid(), USR1)).isFalse();
            signal("STOP", sleeper);
            signal("USR1", sleeper);

            assertThat(PendingSignals.contains(sleeper.pid(), USR1)).isTrue();
            assertThat(PendingSignals.contains(sleeper.pid(), USR1 + 1)).isFalse();
            assertThat(PendingSignals.contains(sleeper.pid(), 51)).isFalse();
        } finally {
            sleeper.destroyForcibly().waitFor();
        }
        assertThat(PendingSignals.contains(sleeper.pid(), USR1))
                .as("it has gone")
                .isFalse();
    }

    private static void signal(String signal, Process process) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                .start()
                .waitFor();
        assertThat(status).isZero();
    }
}
