package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.SessionException;
import org.vivarium.api.view.SessionView;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Sessions stick to their workers as AffinityMode has it; with real Python processes. */
@StartsProcesses
class AffinityTest {
    private static final Actor OPERATOR = new Actor("ann", "test");

    @TempDir
    Path runs;

    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        service = new RunningService(runs, RunningService.examples(4)).awaitReady(4);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void ten_thousand_calls_of_a_hundred_sessions_hit_their_worker() throws Exception {
        List<Thread> callers = IntStream.range(0, 4)
                .mapToObj(caller -> new Thread(() -> {
                    for (int call = 0; call < 2_500; call++) {
                        service.call("echo", "{}", in("s" + (caller * 25 + call % 25)));
                    }
                }))
                .toList();
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(service.control().sessionTotals().affinityHitRate()).isGreaterThanOrEqualTo(0.999);
        assertThat(service.control().sessionTotals().hits()
                        + service.control().sessionTotals().misses())
                .isEqualTo(9_900);
        assertThat(service.control().sessionTotals().bound()).isEqualTo(100);
        assertThat(service.view().sessions()).isEqualTo(100);
    }

    @Test
    void a_thousand_new_sessions_spread_evenly_and_are_told_with_all_that_is_known() {
        for (int session = 0; session < 1_000; session++) {
            service.call("count", "{}", in("s" + session));
        }

        Map<String, Long> spread = service.control().sessions(PageRequest.LONGEST).items().stream()
                .collect(Collectors.groupingBy(session -> String.valueOf(session.worker()), Collectors.counting()));
        assertThat(spread.values()).containsExactly(250L, 250L, 250L, 250L);
        SessionView last = service.control().sessions(PageRequest.FIRST).items().get(0);
        assertThat(last.id()).isEqualTo("s999");
        assertThat(last.calls()).isEqualTo(1);
        assertThat(last.stateBytes()).isPositive();
        assertThat(last.waiting()).isZero();
        assertThat(last.lastActivity()).isAfterOrEqualTo(last.created());
        assertThat(service.control().sessionTotals().stateBytes()).isEqualTo(1_000L * last.stateBytes());
    }

    @Test
    void strict_fail_fails_at_once_and_says_which_worker_is_busy() {
        configure("AffinityMode", "strict-fail");
        service.call("count", "{}", in("a"));
        CompletableFuture<String> busy = occupy(workerOf("a"));

        SessionException refused =
                catchThrowableOfType(SessionException.class, () -> service.call("count", "{}", in("a")));

        assertThat(refused.type()).isEqualTo("BoundWorkerBusy");
        assertThat(refused.retryable()).isTrue();
        assertThat(refused).hasMessageContaining(workerOf("a")).hasMessageContaining("session 'a'");
        busy.join();
        for (int expected = 2; expected < 300; expected++) {
            assertThat(service.call("count", "{}", in("a"))).isEqualTo("{\"count\":" + expected + "}");
        }
        assertThat(service.control().sessionTotals().misses()).isZero();
    }

    @Test
    void a_session_whose_worker_goes_is_bound_anew_in_every_mode_even_while_its_call_waits() {
        for (String mode : List.of("prefer", "strict-queue", "strict-fail")) {
            configure("AffinityMode", mode);
            service.call("count", "{}", in(mode));
            String worker = workerOf(mode);
            service.control().recycle(worker, OPERATOR);
            await(worker + " to go", () -> workerOf(mode).equals("null"));
            assertThat(service.call("count", "{}", in(mode))).isEqualTo("{\"count\":2}");
            assertThat(workerOf(mode)).isNotIn(worker, "null");
        }
        assertThat(service.control().sessionTotals().rebinds()).isEqualTo(3);

        configure("AffinityMode", "strict-queue");
        String worker = workerOf("prefer");
        CompletableFuture<String> busy = occupy(worker);
        CompletableFuture<String> waits = RunningService.inBackground(() -> service.call("count", "{}", in("prefer")));
        await("in line", () -> service.view().waiting() == 1);
        service.control().recycle(worker, OPERATOR);

        assertThat(waits).succeedsWithin(Duration.ofSeconds(20)).isEqualTo("{\"count\":3}");
        busy.join();
        assertThat(service.control().sessionTotals().rebinds()).isEqualTo(4);
    }

    @Test
    void a_session_that_is_forgotten_begins_anew_and_a_call_that_runs_leaves_nothing() {
        service.call("count", "{}", in("a"));
        CompletableFuture<String> running =
                RunningService.inBackground(() -> service.call("sleep", "{\"seconds\":0.5}", in("a")));
        await("the call", () -> service.view().busy() == 1);

        service.operations().pool("default").forgetSession("a", OPERATOR);

        assertThat(service.operations()
                        .pool("default")
                        .sessions(PageRequest.FIRST)
                        .items())
                .isEmpty();
        assertThat(running.join()).isEqualTo("{\"slept_seconds\":0.5}");
        assertThat(service.operations()
                        .pool("default")
                        .sessions(PageRequest.FIRST)
                        .items())
                .isEmpty();
        assertThat(service.call("count", "{}", in("a"))).isEqualTo("{\"count\":1}");
        InvalidCallException unknown = catchThrowableOfType(
                InvalidCallException.class,
                () -> service.operations().pool("default").forgetSession("b", OPERATOR));
        assertThat(unknown.type()).isEqualTo("UnknownSession");
    }

    /** Keeps one worker busy for a second, by a session that is bound to it. */
    private CompletableFuture<String> occupy(String worker) {
        for (int session = 0; !workerOf("busy" + session).equals(worker); session++) {
            service.call("echo", "{}", in("busy" + (session + 1)));
        }
        String session = service.control().sessions(PageRequest.FIRST).items().stream()
                .filter(each -> each.id().startsWith("busy") && worker.equals(each.worker()))
                .findFirst()
                .orElseThrow()
                .id();
        CompletableFuture<String> busy =
                RunningService.inBackground(() -> service.call("sleep", "{\"seconds\":1}", in(session)));
        await("the busy worker", () -> service.view().busy() == 1);
        return busy;
    }

    private String workerOf(String session) {
        return service.control().sessions(PageRequest.FIRST).items().stream()
                .filter(each -> each.id().equals(session))
                .map(each -> String.valueOf(each.worker()))
                .findFirst()
                .orElse("none");
    }

    private void configure(String attribute, Object value) {
        service.operations().pool("default").configure(Map.of(attribute, value), OPERATOR);
    }

    private static CallOptions in(String session) {
        return CallOptions.DEFAULT.withContext(CallContext.of(Map.of("session", session)));
    }
}
