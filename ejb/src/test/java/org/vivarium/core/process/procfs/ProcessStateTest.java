package org.vivarium.core.process.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProcessStateTest {

    @Test
    void state_and_processor_time_are_read_past_a_name_that_holds_anything() {
        String stat = "42 (a) R (b 7) T 1 42 42 0 -1 4194304 100 0 0 0 123 45 0 0 20 0 3 0 1000 0 0";

        assertThat(ProcessState.parse(stat)).isEqualTo(new ProcessState('T', Duration.ofMillis(1_680)));
    }

    @Test
    void a_line_that_was_cut_short_is_no_sample() {
        assertThat(ProcessState.parse("42 (python3) S 1 42")).isNull();
        assertThat(ProcessState.parse("")).isNull();
    }

    @Test
    void this_process_uses_processor_time() {
        ProcessState sample = ProcessState.of(ProcessHandle.current().pid());

        assertThat(sample).isNotNull();
        assertThat(sample.cpu()).isPositive();
        assertThat(sample.inWords()).isNotEmpty();
    }

    @Test
    void a_process_that_has_gone_gives_none() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();

        assertThat(ProcessState.of(gone.pid())).isNull();
    }
}
