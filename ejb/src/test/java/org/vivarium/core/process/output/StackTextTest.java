package org.vivarium.core.process.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Dumps as they are shown. */
class StackTextTest {
    private static final String OWN = """
            Thread 0x00007f (most recent call first):
              File "/x/src/vivarium_worker/worker/heartbeat.py", line 33 in run

            Current thread 0x00008f (most recent call first):
              File "/y/programs.py", line 4 in busy
              File "/x/src/vivarium_worker/calls/slot.py", line 220 in _run
              File "/x/src/vivarium_worker/worker/process.py", line 97 in run
            """;
    private static final String ORIGIN = """
              File "/x/src/vivarium_worker/forkserver/process.py", line 160 in _fork_self
              File "/x/src/vivarium_worker/guardian/process.py", line 110 in _start
              File "/x/src/vivarium_worker/boot.py", line 23 in <module>
            """;

    @Test
    void the_way_to_the_fork_is_cut_off() {
        assertThat(StackText.withoutOrigin(OWN + ORIGIN)).isEqualTo(OWN);
        assertThat(StackText.withoutOrigin(OWN)).isEqualTo(OWN);
    }
}
