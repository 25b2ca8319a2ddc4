package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.PythonException;
import org.vivarium.testing.ProcessTable;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Whatever workers do and however they end, the server's descriptors are as many as before. */
@StartsProcesses
class DescriptorsTest {
    @TempDir
    Path runs;

    @Test
    void workers_that_break_the_protocol_during_a_call_leave_none() throws Exception {
        try (RunningService service =
                new RunningService(runs, RunningService.examplesAndMisbehaviour(2)).awaitReady(2)) {
            service.operations()
                    .pool("default")
                    .configure(Map.of("RestartLimit", 1000, "BreakerFailures", 0), Actor.SERVICE);
            misbehave(service); // what is opened only once is open now
            long before = ProcessTable.openDescriptors();
            for (int round = 0; round < 5; round++) {
                misbehave(service);
            }
            await("descriptors as before", () -> ProcessTable.openDescriptors() <= before);
        }
    }

    private static void misbehave(RunningService service) {
        for (String program : List.of("garbage", "oversized_frame", "close_descriptors")) {
            PythonException failure = catchThrowableOfType(PythonException.class, () -> service.call(program, "{}"));
            assertThat(failure.category())
                    .as(program)
                    .isIn(ErrorCategory.PROTOCOL_ERROR, ErrorCategory.COMMUNICATION_ERROR);
            service.awaitReady(2);
            assertThat(service.call("echo", "{\"n\":1}")).isEqualTo("{\"n\":1}");
        }
    }

    @Test
    void workers_that_never_become_ready_leave_none() throws Exception {
        Files.writeString(runs.resolve("no_start.py"), """
                from vivarium_worker import on_start

                @on_start
                def refuse():
                    raise RuntimeError("not today")
                """, UTF_8);
        String pool = RunningService.examples(1)
                .replace("path = [", "path = [\"" + runs + "\", ")
                .replace("[vivarium_examples]", "[vivarium_examples, no_start]")
                .replace(
                        "workers {",
                        "recovery { retry-base-delay = 10ms, retry-maximum-delay = 10ms, restart-limit = 1000 }\n  workers {");
        try (RunningService service = new RunningService(runs, pool)) {
            awaitAnotherFailure(service);
            long before = ProcessTable.openDescriptors();
            for (int round = 0; round < 10; round++) {
                awaitAnotherFailure(service);
            }

            await("descriptors as before", () -> ProcessTable.openDescriptors() <= before);
            assertThat(service.view().problem()).contains("no_start", "RuntimeError: not today");
        }
    }

    private static void awaitAnotherFailure(RunningService service) {
        String before = String.valueOf(service.view().problem());
        await("another worker that does not start", () -> {
            String problem = service.view().problem();
            return problem != null && !problem.equals(before);
        });
    }

    @Test
    void a_service_that_has_ended_leaves_none() throws Exception {
        startAndEnd();
        long before = ProcessTable.openDescriptors();
        for (int round = 0; round < 3; round++) {
            startAndEnd();
        }
        await("descriptors as before", () -> ProcessTable.openDescriptors() <= before);
    }

    private void startAndEnd() throws Exception {
        try (RunningService service = new RunningService(runs, RunningService.examples(2)).awaitReady(2)) {
            assertThat(service.call("echo", "{}")).isEqualTo("{}");
        }
    }
}
