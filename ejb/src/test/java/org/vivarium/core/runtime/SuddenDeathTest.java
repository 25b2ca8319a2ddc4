package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.testing.ProcessTable;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.ServiceMain;
import org.vivarium.testing.StartsProcesses;

/**
 * A service in another JVM that ends without a word, with workers that sleep, spin and have children: nothing of it is
 * left. How long the last process took is logged at level info; {@code -Dvivarium.test.deaths=20} repeats more often.
 */
@StartsProcesses
class SuddenDeathTest {
    private static final Logger LOG = LoggerFactory.getLogger(SuddenDeathTest.class);
    private static final int DEATHS = Integer.getInteger("vivarium.test.deaths", 5);

    @TempDir
    Path runs;

    private Victim victim;

    @AfterEach
    void endWhatIsLeft() {
        victim.close();
    }

    @Test
    void nothing_is_left_of_a_service_that_was_killed() throws Exception {
        for (int round = 0; round < DEATHS; round++) {
            victim = new Victim(runs);
            long killed = System.nanoTime();
            ProcessTable.signal("KILL", List.of(victim.pid()));
            victim.awaitNothingLeft();
            LOG.info("SIGKILL {}: last process gone after {} ms", round, (System.nanoTime() - killed) / 1_000_000);
        }
    }

    @Test
    void nothing_is_left_of_a_service_that_was_asked_to_end() throws Exception {
        for (int round = 0; round < (DEATHS + 1) / 2; round++) {
            victim = new Victim(runs);
            long killed = System.nanoTime();
            ProcessTable.signal("TERM", List.of(victim.pid()));
            victim.awaitNothingLeft();
            LOG.info("SIGTERM {}: last process gone after {} ms", round, (System.nanoTime() - killed) / 1_000_000);
        }
        assertThat(runs).as("an orderly end takes the run directory with it").isEmptyDirectory();
    }

    @Test
    void what_a_killed_service_and_its_guardian_leave_the_next_start_takes() throws Exception {
        victim = new Victim(runs);

        ProcessTable.signal("KILL", List.of(victim.pid(), victim.guardian()));

        assertNextStartTakesTheRest();
    }

    @Test
    void what_is_left_when_all_who_clean_up_are_killed_at_once_the_next_start_takes() throws Exception {
        victim = new Victim(runs);

        ProcessTable.signal("KILL", List.of(victim.pid(), victim.guardian(), victim.forkServer()));

        assertNextStartTakesTheRest();
    }

    @Test
    void the_death_of_one_service_and_the_start_of_another_leave_a_third_alone() throws Exception {
        victim = new Victim(runs);
        try (Victim bystander = new Victim(runs)) {
            ProcessTable.signal("KILL", List.of(victim.pid(), victim.guardian(), victim.forkServer()));

            assertNextStartTakesTheRest();

            assertThat(bystander.processes).hasSize(ServiceMain.PROCESSES).allMatch(ProcessTable::runs);
            assertThat(runs.resolve("vivarium-" + bystander.runId())).isDirectory();
            ProcessTable.signal("TERM", List.of(bystander.pid()));
            bystander.awaitNothingLeft();
        }
    }

    private void assertNextStartTakesTheRest() throws IOException {
        victim.awaitDeathOfService();
        try (RunningService next = new RunningService(runs, RunningService.examples(1)).awaitReady(1)) {
            victim.awaitNothingLeft();
            assertThat(runs.resolve("vivarium-" + victim.runId())).doesNotExist();
            assertThat(next.runtime().host().run().root()).isDirectory();
        }
    }

    /** The service in another JVM, and all processes below it. */
    private static final class Victim implements AutoCloseable {
        private final Process jvm;
        private final String runId;
        private final List<Long> processes;

        Victim(Path runs) throws IOException {
            ProcessBuilder builder = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-Dvivarium.root=" + System.getProperty("vivarium.root"),
                    "-cp",
                    System.getProperty("java.class.path"),
                    ServiceMain.class.getName(),
                    runs.toString());
            builder.redirectErrorStream(true);
            jvm = builder.start();
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
            String first = output.readLine();
            if (first == null || !first.matches("[0-9a-f-]{13}")) {
                jvm.destroyForcibly();
                throw new AssertionError(
                        "the service did not start: " + first + output.lines().toList());
            }
            runId = first;
            processes = jvm.descendants().map(ProcessHandle::pid).toList();
            assertThat(processes).hasSize(ServiceMain.PROCESSES);
        }

        long pid() {
            return jvm.pid();
        }

        String runId() {
            return runId;
        }

        long guardian() {
            return jvm.children().findFirst().orElseThrow().pid();
        }

        long forkServer() {
            return ProcessHandle.of(guardian())
                    .orElseThrow()
                    .children()
                    .findFirst()
                    .orElseThrow()
                    .pid();
        }

        void awaitNothingLeft() {
            await("the end of " + processes, () -> processes.stream().noneMatch(ProcessTable::runs));
            assertThat(ProcessTable.withEnvironment("VIVARIUM_RUN=" + runId))
                    .as("processes of run %s", runId)
                    .isEmpty();
            awaitDeathOfService();
        }

        void awaitDeathOfService() {
            assertThat(jvm.onExit()).succeedsWithin(Duration.ofSeconds(20));
        }

        @Override
        public void close() {
            jvm.destroyForcibly();
            processes.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
        }
    }
}
