package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.vivarium.testing.RunningService.await;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.WorkerState;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;
import org.vivarium.testing.WrittenLog;

/** Real lines of both languages say to which call they belong. */
@StartsProcesses
class LogCorrelationTest {
    private static final CallContext WHO = CallContext.of(Map.of(
            "session", "s1",
            "correlation_id", "c1",
            "project_id", "p1",
            "execution_id", "e1",
            "task_id", "t1",
            "node", "n1"));
    private static final String KEYS = "session=s1 correlation_id=c1 project_id=p1 execution_id=e1 task_id=t1 node=n1";
    private static final Actor ADA = new Actor("ada", "rest");
    private static final CallOptions OPTIONS = CallOptions.DEFAULT.withContext(WHO);

    @TempDir
    Path runs;

    @TempDir
    Path logs;

    private WrittenLog log;
    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        log = new WrittenLog(logs, Level.DEBUG, "vivarium.python.default", "org.vivarium.core");
        service = new RunningService(runs, RunningService.examplesAndMisbehaviour(1)).awaitReady(1);
    }

    @AfterEach
    void stop() {
        service.close();
        log.close();
    }

    @Test
    void what_python_logs_and_prints_carries_the_keys_of_its_call() {
        service.call("say", "{\"text\":\"hello\"}", OPTIONS);

        await("both lines", () -> lines("hello").size() == 2);
        assertThat(lines("hello"))
                .allMatch(line -> line.contains(" pool=default worker=default-1 program=say " + KEYS + " "))
                .anyMatch(line -> line.contains(" WARN ") && line.endsWith(" vivarium.python.default - say: hello"))
                .anyMatch(line -> line.endsWith(" vivarium.python.default - stdout: hello"));
    }

    @Test
    void a_new_level_of_python_reaches_workers_as_they_are_replaced() {
        service.call("whisper", "{\"text\":\"one\"}", OPTIONS);
        service.operations().pool("default").configure(Map.of("PythonLogLevel", "debug"), ADA);
        service.call("whisper", "{\"text\":\"two\"}", OPTIONS);
        service.control().recycle("default-1", ADA);
        await(
                "the next worker",
                () -> service.control().workers().stream()
                        .allMatch(worker -> worker.id().equals("default-2") && worker.state() == WorkerState.READY));
        service.call("whisper", "{\"text\":\"three\"}", OPTIONS);

        await("the last line", () -> !lines("aloud: three").isEmpty());
        assertThat(lines("aloud: ")).hasSize(3);
        assertThat(lines("softly: "))
                .singleElement()
                .asString()
                .contains(" DEBUG ", " worker=default-2 program=whisper " + KEYS + " ")
                .endsWith(" vivarium.python.default - whisper: softly: three");
    }

    @Test
    void a_trace_reaches_the_program_and_its_lines_and_a_broken_one_does_not_fail_the_call() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        CallOptions traced = CallOptions.DEFAULT.withContext(CallContext.NONE.withTrace(trace, "a=1", "b=2"));
        CallOptions broken = CallOptions.DEFAULT.withContext(CallContext.NONE.withTrace("00-xyz", "a=1", null));

        assertThat(service.call("trace", "{}", traced)).isEqualTo("[\"" + trace + "\",\"a=1\",\"b=2\"]");
        assertThat(service.call("trace", "{}", broken)).isEqualTo("[null,null,null]");

        await("both lines", () -> lines("stdout: traced").size() == 2);
        assertThat(lines("stdout: traced").get(0)).contains(" program=trace traceparent=" + trace + " vivarium");
        assertThat(lines("stdout: traced").get(1)).contains(" program=trace vivarium");
        assertThat(service.runtime().telemetry().invalidTraces()).isEqualTo(1);
    }

    @Test
    void python_cannot_forge_a_line() {
        service.call("say", "{\"text\":\"safe\\n2026-01-01T00:00:00.000Z ERROR [main] safe\"}", OPTIONS);

        await("all lines", () -> lines("safe").size() == 4);
        assertThat(lines("safe"))
                .filteredOn(line -> line.contains("ERROR [main]"))
                .allMatch(line -> line.startsWith("\t2026") || line.contains("stdout: 2026"));
    }

    @Test
    void a_progress_listener_that_throws_is_logged_with_the_keys_of_its_call() {
        CallOptions clumsy = OPTIONS.withProgress((fraction, message) -> {
            throw new IllegalStateException("clumsy");
        });
        service.call("slow_steps", "{\"steps\":1,\"pause_seconds\":0}", clumsy);

        assertThat(lines("the progress listener of a call"))
                .isNotEmpty()
                .allMatch(line -> line.contains(" pool=default worker=default-1 program=slow_steps " + KEYS + " "));
    }

    @Test
    void the_end_of_a_worker_and_what_is_decided_about_it_carry_the_keys_of_the_call_that_ended_it() {
        assertThat(catchThrowable(() -> service.call("crash", "{}", OPTIONS))).isNotNull();
        await(
                "the decision",
                () -> !lines(" for CRASHED").isEmpty() || lines("default-1 ").size() >= 2);

        assertThat(lines("discarding worker default-1"))
                .singleElement()
                .asString()
                .contains(" pool=default worker=default-1 program=crash " + KEYS + " ");
    }

    @Test
    void a_call_that_must_be_stopped_by_force_is_found_by_its_keys() {
        CallOptions shortly = OPTIONS.withTimeout(Duration.ofMillis(100));
        assertThat(catchThrowable(() -> service.call("hang_in_c", "{}", shortly)))
                .isNotNull();

        assertThat(lines("discarding worker default-1: CALL_DEADLINE_PASSED"))
                .singleElement()
                .asString()
                .contains(" program=hang_in_c " + KEYS + " ");
    }

    private List<String> lines(String containing) {
        return log.lines().stream().filter(line -> line.contains(containing)).toList();
    }
}
