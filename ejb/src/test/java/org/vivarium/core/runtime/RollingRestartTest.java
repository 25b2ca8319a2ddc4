package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.event.RolloutChanged;
import org.vivarium.api.view.worker.RolloutView;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** From one version of a program to the next, or back, with real Python processes. */
@StartsProcesses
class RollingRestartTest {
    private static final String VERSION = """
            import os
            from vivarium_worker import on_start, program

            @program
            def version() -> str:
                return "%s"

            @program
            def flavour() -> str:
                return os.environ.get("FLAVOUR", "plain")
            """;

    @TempDir
    Path directory;

    private final ConcurrentLinkedQueue<RolloutChanged> told = new ConcurrentLinkedQueue<>();
    private volatile String python = "";
    private RunningService service;
    private boolean closed;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(directory.resolve("programs"));
        write(VERSION.formatted("one"));
        service = new RunningService(directory, () -> """
                vivarium.pools.default {
                  workers { minimum = 3, maximum = 8, replacements = 1 }
                  python { path = ["%s"], programs = [rolled], %s }
                }
                """.formatted(directory.resolve("programs"), python));
        service.runtime().telemetry().addHandler(event -> {
            if (event instanceof RolloutChanged change) {
                told.add(change);
            }
        });
        service.awaitReady(3);
    }

    @AfterEach
    void stop() {
        if (!closed) {
            service.close();
        }
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void callers_go_from_one_version_to_the_next_without_a_failed_call() throws Exception {
        Set<String> answers = ConcurrentHashMap.newKeySet();
        AtomicBoolean enough = new AtomicBoolean();
        List<CompletableFuture<?>> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            callers.add(CompletableFuture.runAsync(
                    () -> {
                        while (!enough.get()) {
                            answers.add(service.call("version", "{}"));
                        }
                    },
                    task -> new Thread(task).start()));
        }
        await("the first answers", () -> answers.contains("\"one\""));
        write(VERSION.formatted("number two"));

        restart();

        awaitState("DONE");
        await("the last answers", () -> answers.contains("\"number two\""));
        enough.set(true);
        callers.forEach(caller -> assertThat(caller).succeedsWithin(Duration.ofSeconds(20)));
        assertThat(service.view().totals().errors()).isZero();
        assertThat(service.view().totals().died()).isZero();
        assertThat(service.call("version", "{}")).isEqualTo("\"number two\"");
        assertThat(service.view().generation()).isEqualTo(2);
        assertThat(rollout().replaced()).isEqualTo(3);
        service.awaitReady(3);
        assertThat(service.control().workers())
                .extracting(WorkerView::generation)
                .containsOnly(2);
        await("told", () -> told.size() == 3);
        assertThat(told).extracting(RolloutChanged::state).containsExactly("PROVING", "REPLACING", "DONE");
        // guardian, fork server, three workers: the old fork server has gone
        await("the old fork server has gone", () -> descendants() == 5);
    }

    @Test
    void a_version_that_does_not_import_is_given_up_and_the_old_workers_serve_on() throws Exception {
        Set<String> before = workers();
        write("import no_such_module_anywhere\n");

        restart();

        awaitState("ROLLED_BACK");
        assertThat(rollout().problem())
                .contains("generation 2 was rolled back", "rolled", "No module named 'no_such_module_anywhere'")
                .doesNotContain("\n");
        assertThat(rollout().problem()).endsWith("[ModuleNotFoundError: No module named 'no_such_module_anywhere']");
        assertThat(workers()).isEqualTo(before);
        assertThat(service.call("version", "{}")).isEqualTo("\"one\"");
        assertThat(service.view().generation()).isEqualTo(1);
        assertThat(service.view().problem()).isNull();
        assertThat(service.view().totals().died()).isZero();
        await("told", () -> told.size() == 3);
        assertThat(told).extracting(RolloutChanged::state).containsExactly("PROVING", "ROLLING_BACK", "ROLLED_BACK");
        await("nothing of it is left", () -> descendants() == 5);
    }

    @Test
    void after_a_roll_back_a_corrected_version_gets_another_generation() throws Exception {
        write("import no_such_module_anywhere\n");
        restart();
        awaitState("ROLLED_BACK");
        write(VERSION.formatted("number three"));

        restart();

        awaitState("DONE");
        assertThat(service.view().generation()).isEqualTo(3);
        assertThat(service.call("version", "{}")).isEqualTo("\"number three\"");
    }

    @Test
    void a_version_whose_second_worker_does_not_start_is_rolled_back_to_a_whole_old_generation() throws Exception {
        Path marker = directory.resolve("started");
        write(VERSION.formatted("number two") + """

                @on_start
                def once():
                    try:
                        os.close(os.open("%s", os.O_CREAT | os.O_EXCL))
                    except FileExistsError:
                        raise RuntimeError("only one of us can start")
                """.formatted(marker));

        restart();

        awaitState("ROLLED_BACK");
        assertThat(rollout().problem()).contains("generation 2 was rolled back", "only one of us can start");
        service.awaitReady(3);
        assertThat(service.control().workers())
                .extracting(WorkerView::generation)
                .containsOnly(1);
        assertThat(service.call("version", "{}")).isEqualTo("\"one\"");
        assertThat(service.view().totals().errors()).isZero();
    }

    @Test
    void only_one_rolling_restart_goes_on_at_a_time() throws Exception {
        write("import time\ntime.sleep(1)\n" + VERSION.formatted("number two"));
        restart();

        InvalidCallException refused = catchThrowableOfType(InvalidCallException.class, this::restart);

        assertThat(refused).hasMessageContaining("to generation 2 is in progress");
        assertThat(refused.type()).isEqualTo("RolloutRunning");
        awaitState("DONE");
    }

    @Test
    void a_death_and_a_new_size_during_a_rolling_restart_are_followed() throws Exception {
        write("import time\ntime.sleep(1)\n" + VERSION.formatted("number two"));
        restart();
        WorkerView victim = service.control().workers().get(0);

        ProcessHandle.of(victim.pid()).orElseThrow().destroyForcibly();
        service.operations().pool("default").resize(5, Actor.SERVICE);

        awaitState("DONE");
        service.awaitReady(5);
        assertThat(service.control().workers())
                .extracting(WorkerView::generation)
                .containsOnly(2);
        assertThat(service.view().totals().died()).isEqualTo(1);
    }

    @Test
    void a_service_that_closes_during_a_rolling_restart_leaves_no_process() throws Exception {
        write("import time\ntime.sleep(60)\n" + VERSION.formatted("number two"));
        restart();
        await("a second fork server", () -> descendants() == 6);

        closed = true;
        service.close();

        assertThat(ProcessHandle.current().descendants()).isEmpty();
    }

    @Test
    void programs_that_the_new_version_lacks_are_told() throws Exception {
        write("from vivarium_worker import program\n\n@program\ndef version() -> str:\n    return \"number two\"\n");

        restart();

        awaitState("DONE");
        assertThat(rollout().remark()).isEqualTo("generation 2 lacks the programs: flavour");
    }

    @Test
    void another_environment_in_the_configuration_is_another_generation_with_its_own_guardian() throws Exception {
        assertThat(service.call("flavour", "{}")).isEqualTo("\"plain\"");
        python = "environment { FLAVOUR = \"lemon\" }";

        restart();

        awaitState("DONE");
        assertThat(service.call("flavour", "{}")).isEqualTo("\"lemon\"");
        await("the old guardian has gone", () -> descendants() == 5);
    }

    @Test
    void a_configuration_with_a_mistake_is_refused_and_nothing_happens() {
        python = "interpretre = python3";

        InvalidCallException refused = catchThrowableOfType(InvalidCallException.class, this::restart);

        assertThat(refused.type()).isEqualTo("InvalidConfiguration");
        assertThat(refused).hasMessageContaining("interpretre").hasMessageContaining("is unchanged");
        assertThat(rollout()).isEqualTo(RolloutView.NONE);
    }

    private void write(String text) throws IOException {
        Files.writeString(directory.resolve("programs/rolled.py"), text);
    }

    private void restart() {
        service.operations().pool("default").rollingRestart(Actor.SERVICE);
        if (rollout().state().equals("NONE")) {
            await("it has begun", () -> !rollout().state().equals("NONE"));
        }
    }

    private void awaitState(String state) {
        await(state + ", not " + rollout(), () -> rollout().state().equals(state));
    }

    private RolloutView rollout() {
        return service.view().rollout();
    }

    private Set<String> workers() {
        return service.control().workers().stream().map(WorkerView::id).collect(Collectors.toSet());
    }

    private static long descendants() {
        return ProcessHandle.current().descendants().count();
    }
}
