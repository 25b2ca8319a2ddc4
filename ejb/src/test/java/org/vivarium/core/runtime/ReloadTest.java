package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.settings.ReloadView;
import org.vivarium.core.changes.ChangeLog;
import org.vivarium.core.changes.ChangeQuery;
import org.vivarium.core.changes.ChangeRecord;
import org.vivarium.core.config.ConfigurationReader;
import org.vivarium.core.config.ConfigurationSources;
import org.vivarium.core.config.HostSize;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.config.SavedValues;
import org.vivarium.core.state.StateStore;
import org.vivarium.testing.MutatedConfiguration;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** The configuration is read again while real workers are called. */
@StartsProcesses
class ReloadTest {
    private static final Actor ADA = new Actor("ada", "rest", "10.0.0.7");
    private static final String OTHER = """
            vivarium.pools.other {
              workers {
                lazy = true
                minimum = 1
                maximum = 2
                idle-time = 1 s
              }
              timeouts.operation = 30 s
              limits {
                queue = 100
                frame = 64 MiB
              }
              session.affinity = prefer
              python {
                path = [${vivarium.python.examples}]
                programs = [vivarium_examples]
                environment { LANG = "C.UTF-8" }
              }
              objectives { "*" { success-ratio = 0.99 } }
            }
            """;

    /** A file and its line, or what the parser says of a place. */
    private static final Pattern PLACE = Pattern.compile("vivarium\\.conf(:\\d+|: \\d+)|no source configures");

    private static final Pattern ALLOWED = Pattern.compile(
            "must |is not known|is inconsistent|is not a |has |known are|the configuration cannot be read: ");

    @TempDir
    private Path home;

    private Path file;
    private ChangeLog log;
    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        file = home.resolve("vivarium.conf");
        write(OTHER);
        StateStore state = new StateStore(home);
        log = new ChangeLog(home, state, InstantSource.system(), ChangeLog.STANDARD);
        SavedValues saved = SavedValues.in(state);
        service = new RunningService(
                home,
                examples -> new ConfigurationReader(
                                new ConfigurationSources(
                                        RunningService.examples(2), Optional.of(file), Map.of(), Map.of(), examples),
                                HostSize.STANDARD,
                                saved)
                        .read(),
                Lasting.withoutHistory(log, saved));
        await("both workers are ready", () -> service.view().ready() == 2);
    }

    @AfterEach
    void stop() {
        service.close();
        log.close();
    }

    /** Replaces the file at once, as careful editors do. */
    private void write(String text) {
        try {
            Path next = Files.writeString(home.resolve("next"), text);
            Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PoolSettings settings() {
        return service.runtime().stores().get("default").current();
    }

    /**
     * Calls the pool from some threads while {@code work} is done; returns what failed, and how many calls there were.
     */
    private Called callWhile(Runnable work) throws InterruptedException {
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        AtomicLong calls = new AtomicLong();
        AtomicBoolean over = new AtomicBoolean();
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Thread caller = new Thread(() -> {
                while (!over.get()) {
                    try {
                        service.call("echo", "{\"text\":\"x\"}");
                        calls.incrementAndGet();
                    } catch (RuntimeException e) {
                        failures.add(e);
                    }
                }
            });
            caller.start();
            callers.add(caller);
        }
        try {
            work.run();
        } finally {
            over.set(true);
            for (Thread caller : callers) {
                caller.join();
            }
        }
        return new Called(calls.get(), List.copyOf(failures));
    }

    private record Called(long calls, List<Throwable> failures) {}

    @Test
    void a_thousand_mistakes_are_refused_with_place_and_remedy_or_accepted_and_no_call_fails() throws Exception {
        MutatedConfiguration mutated = new MutatedConfiguration(9);
        List<String> refusals = new ArrayList<>();
        AtomicLong accepted = new AtomicLong();

        Called called = callWhile(() -> {
            for (int i = 0; i < 1_000; i++) {
                String text = mutated.of(OTHER);
                write(text);
                try {
                    ReloadView view = service.operations().reload(ADA);
                    view.problems().values().forEach(problem -> refusals.add(problem + " IN " + text));
                    accepted.addAndGet(view.problems().isEmpty() ? 1 : 0);
                } catch (PythonException e) {
                    refusals.add(e.getMessage() + " IN " + text);
                }
            }
        });

        assertThat(called.failures()).isEmpty();
        assertThat(called.calls()).isPositive();
        assertThat(accepted.get()).isPositive();
        assertThat(refusals).hasSizeGreaterThan(300).allSatisfy(refusal -> {
            String sentence = refusal.split(" IN ", 2)[0];
            assertThat(sentence).containsPattern(PLACE).containsPattern(ALLOWED).doesNotContain("C.UTF-8");
        });
        assertThat(service.view().state()).isEqualTo("RUNNING");
        assertThat(log.verify().problems()).isEmpty();
    }

    @Test
    void reloading_while_calls_run_fails_none_of_them() throws Exception {
        Called called = callWhile(() -> {
            for (int i = 0; i < 100; i++) {
                write(OTHER
                        + "vivarium.pools.default { workers { minimum = %d, maximum = %d }, limits.queue = %d, profile = %s }\n"
                                .formatted(1 + i % 2, 2 + i % 3, 900 + i, i % 2 == 0 ? "low-latency" : "balanced"));
                service.operations().reload(ADA);
            }
        });

        assertThat(called.failures()).isEmpty();
        assertThat(called.calls()).isPositive();
        assertThat(settings().value(PoolParameter.QUEUE_LIMIT)).isEqualTo(999);
    }

    @Test
    void a_file_that_has_changed_is_read_once_it_is_the_same_in_two_looks() {
        ConfigurationReload reload = service.runtime().reload();
        write(OTHER + "vivarium.pools.default.limits.queue = 5");

        reload.readIfChanged();
        assertThat(settings().value(PoolParameter.QUEUE_LIMIT)).isEqualTo(1_000);

        reload.readIfChanged();
        assertThat(settings().value(PoolParameter.QUEUE_LIMIT)).isEqualTo(5);
        ChangeRecord record = log.query(ChangeQuery.ALL, Long.MAX_VALUE, 1).get(0);
        assertThat(record.change().actor().address()).isEqualTo(file + ":21");
    }

    @Test
    void a_mistake_leaves_the_last_good_configuration_and_is_told_until_it_is_gone() {
        ConfigurationReload reload = service.runtime().reload();
        write("vivarium.pools.default.limits.queue = 5\nvivarium.pool {}");
        reload.readIfChanged();
        reload.readIfChanged();

        assertThat(settings().value(PoolParameter.QUEUE_LIMIT)).isEqualTo(1_000);
        assertThat(service.operations().configurationProblem())
                .isEqualTo(file + ":2: vivarium.pool is not known; did you mean pools?");
        assertThatThrownBy(() -> service.operations().reload(ADA))
                .isInstanceOf(PythonException.class)
                .hasMessageContaining("the service goes on as it was: " + file + ":2");

        write(OTHER);
        reload.readIfChanged();
        reload.readIfChanged();
        assertThat(service.operations().configurationProblem()).isEmpty();
    }

    @Test
    void what_cannot_change_while_the_service_runs_is_told() {
        write("vivarium.pools { texts.workers.lazy = true, default.python.native-threads = 2 }");

        ReloadView view = service.operations().reload(ADA);

        assertThat(view.later())
                .containsExactlyInAnyOrder(
                        "pool 'texts' is new or could not start: it starts with the service",
                        "pool 'other' is no longer configured: it goes on until the service stops",
                        "python.* of pool 'default' has changed: a rolling restart uses it");
    }
}
