package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.event.EventFilter;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.testing.RunningService;

/** What a real pool tells of its workers, calls and sessions. */
class EventsTest {
    @TempDir
    Path runs;

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
            service.pool().recycle("default-1", Actor.SERVICE);
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

    private List<String> names() {
        return List.copyOf(told).stream().map(PoolEvent::name).toList();
    }
}
