package org.vivarium.core.changes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.core.state.StateStore;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.StartsProcesses;

@StartsProcesses
class SuddenEndOfChangesTest {
    private static final int KILLS = 12;

    @TempDir
    Path home;

    @Test
    void a_process_that_is_killed_while_it_records_loses_nothing_that_it_said_and_breaks_no_chain() throws Exception {
        Random moments = new Random(13);
        for (int kill = 0; kill < KILLS; kill++) {
            String run = "run " + kill;
            List<Integer> said = recordUntilKilled(run, 1 + moments.nextInt(60));

            try (CapturedLog errors = new CapturedLog(ChangeLog.class);
                    ChangeLog log =
                            new ChangeLog(home, new StateStore(home), InstantSource.system(), ChangeWriter.SMALL)) {
                assertThat(errors.messages()).isEmpty();
                assertThat(log.verify().problems()).isEmpty();
                ChangeQuery mine = new ChangeQuery(null, run, null, null, null);
                assertThat(log.query(mine, Long.MAX_VALUE, 1_000))
                        .extracting(record -> (Integer) record.change().after())
                        .containsAll(said);
            }
        }
    }

    private List<Integer> recordUntilKilled(String run, int records) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ChangeWriter.class.getName(),
                        home.toString(),
                        run)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Integer> said = new ArrayList<>();
        try (BufferedReader out = new BufferedReader(new InputStreamReader(writer.getInputStream(), UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.matches("\\d+")) { // and not a line of the audit log
                    said.add(Integer.valueOf(line));
                    if (said.size() == records) {
                        break;
                    }
                }
            }
            writer.toHandle().destroyForcibly();
            writer.waitFor();
        }
        assertThat(said).hasSize(records);
        return said;
    }
}
