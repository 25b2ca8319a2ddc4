package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.CallOutcome;
import org.vivarium.api.event.EventFilter;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.core.metrics.windows.Window;
import org.vivarium.testing.FoundReporter;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** What a real pool tells of its workers, calls and sessions. */
@StartsProcesses
class EventsTest {
    @TempDir
    Path runs;

    @TempDir
    Path files;

    private final List<PoolEvent> told = Collections.synchronizedList(new ArrayList<>());

    @Test
    void the_way_of_a_call_is_told_step_by_step_while_it_is_wanted_and_only_its_end_otherwise() throws Exception {
        CallContext context = new CallContext("s1", "c1", "p1", null, null, null, null);
        CallOptions options = CallOptions.DEFAULT.withContext(context);
        try (RunningService service = new RunningService(runs, RunningService.examples(1)).awaitReady(1)) {
            service.runtime()
                    .telemetry()
                    .addHandler("test", told::add, event -> event.type().isOfCalls());
            service.call("echo", "{\"text\":\"1\"}", options);
            await("the first end", () -> told.size() == 1);
            assertThat(names()).containsExactly("call.stop");

            service.runtime().telemetry().filter(EventFilter.parse("*"));
            service.call("echo", "{\"text\":\"2\"}", options);
            await("the second end", () -> told.size() == 6);

            assertThat(names().subList(1, 6))
                    .containsExactly("call.start", "session.hit", "worker.checkout", "worker.checkin", "call.stop");
            assertThat(told.get(3).worker()).isEqualTo("default-1");
            assertThat(told.get(5).context()).isEqualTo(context);
            assertThat(told.get(5).members())
                    .containsEntry("session", "s1")
                    .containsEntry("correlation_id", "c1")
                    .containsEntry("project_id", "p1");
        }
    }

    @Test
    void starts_checks_and_the_end_of_a_pool_are_told_as_they_begin_and_end() throws Exception {
        RunningService service = new RunningService(runs, RunningService.examples(1));
        try (service) {
            service.runtime()
                    .telemetry()
                    .addHandler("test", told::add, event -> !event.type().isOfCalls());
            service.awaitReady(1);
            service.pool().checkHealth();
            await("the check", () -> names().contains("worker.health_check.stop"));
            service.control().recycle("default-1", Actor.SERVICE);
            await(
                    "the replacement",
                    () -> names().contains("worker.init.stop")
                            && told.stream()
                                    .anyMatch(event -> "default-2".equals(event.worker())
                                            && event.name().equals("worker.init.stop")));
            await("the end of the old one", () -> names().contains("worker.terminate"));
        }

        assertThat(names())
                .containsSubsequence(
                        "worker.health_check.start",
                        "worker.health_check.stop",
                        "worker.init.start",
                        "worker.init.stop",
                        "worker.terminate",
                        "pool.terminate");
    }

    @Test
    void a_reporter_is_found_by_its_name_in_the_services_and_told_when_things_happened() throws Exception {
        String configuration = RunningService.examples(1).replace("pools.default", "pools.found");
        List<FoundReporter.Heard> heard = FoundReporter.listenTo("found");
        Instant before = Instant.now();
        try (RunningService service = new RunningService(runs, configuration)) {
            await(
                    "the worker",
                    () -> heard.stream().anyMatch(each -> each.event().name().equals("worker.init.stop")));
            assertThat(service.runtime().telemetry().handlers())
                    .anyMatch(handler -> handler.name().equals("FoundReporter") && handler.queued());
        }
        Instant after = Instant.now();

        assertThat(heard)
                .extracting(each -> each.event().name())
                .startsWith("pool.init", "worker.init.start")
                .contains("worker.init.stop", "pool.terminate");
        assertThat(heard)
                .extracting(FoundReporter.Heard::time)
                .allSatisfy(time -> assertThat(time).isBetween(before.minusMillis(50), after.plusMillis(50)));
    }

    @Test
    void how_a_call_ended_is_told_apart_in_its_event_and_in_the_statistics() throws Exception {
        try (RunningService service = new RunningService(runs, RunningService.examples(1)).awaitReady(1)) {
            service.runtime()
                    .telemetry()
                    .addHandler("test", told::add, event -> event.type().isOfCalls());
            String inputs = "{\"seconds\":60}";
            CallOptions shortly = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(50));
            assertThat(catchThrowable(() -> service.call("sleep", inputs, shortly)))
                    .isNotNull();
            CompletableFuture<Payload> cancelled = service.pool()
                    .calls()
                    .callAsync(
                            "sleep",
                            Payload.of(inputs.getBytes(UTF_8)),
                            CallOptions.DEFAULT,
                            service.runtime().executor());
            cancelled.cancel(true);
            await("the cancelled call", () -> outcomes().size() == 2);
            Thread.currentThread().interrupt();
            assertThat(catchThrowable(() -> service.call("sleep", inputs))).isNotNull();
            assertThat(Thread.interrupted()).isTrue();
            assertThat(catchThrowable(() -> service.call("fail", "{}"))).isNotNull();
            service.call("echo", "{}");
            await("all ends", () -> outcomes().size() == 5);

            assertThat(outcomes())
                    .containsExactly(
                            CallOutcome.TIMED_OUT,
                            CallOutcome.CANCELLED,
                            CallOutcome.INTERRUPTED,
                            CallOutcome.FAILED,
                            CallOutcome.SUCCEEDED);
            await("the numbers", () -> stats(service).samples() == 5);
            assertThat(stats(service).timedOut()).isEqualTo(1);
            assertThat(stats(service).cancelled()).isEqualTo(1);
            assertThat(stats(service).interrupted()).isEqualTo(1);
            assertThat(stats(service).errorRate()).isEqualTo(2 / 5.0);
        }
    }

    @Test
    void the_total_of_a_call_holds_all_its_tries_and_the_pauses_between_them() throws Exception {
        String retrying = RunningService.examplesAndMisbehaviour(1)
                + "vivarium.pools.default.recovery { retry-base-delay = 300 ms }\n";
        try (RunningService service = new RunningService(runs, retrying).awaitReady(1)) {
            service.runtime()
                    .telemetry()
                    .addHandler("test", told::add, event -> event.type().isOfCalls());
            service.call("crash_at_first", "{\"directory\":\"" + files + "\",\"times\":1}");
            await("the end", () -> told.size() == 1);

            CallEnded ended = (CallEnded) told.get(0);
            assertThat(ended.attempts()).isEqualTo(2);
            assertThat(ended.outcome()).isEqualTo(CallOutcome.SUCCEEDED);
            assertThat(ended.totalNanos() - ended.waitNanos() - ended.executionNanos())
                    .as("the first try and the pause of 225 ms or more after it")
                    .isGreaterThan(Duration.ofMillis(225).toNanos());
            await("the numbers", () -> stats(service).samples() == 1);
            assertThat(stats(service).total().maxMillis()).isGreaterThan(ended.totalNanos() / 1e6 * 0.98);
        }
    }

    private static CallStats stats(RunningService service) {
        service.runtime().metrics().refresh();
        return service.runtime()
                .metrics()
                .pool("default")
                .view(Window.ONE_MINUTE)
                .window()
                .calls();
    }

    private List<CallOutcome> outcomes() {
        return List.copyOf(told).stream()
                .map(event -> ((CallEnded) event).outcome())
                .toList();
    }

    private List<String> names() {
        return List.copyOf(told).stream().map(PoolEvent::name).toList();
    }
}
