package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.CallTimeoutException;
import org.vivarium.api.Payload;
import org.vivarium.api.PoolResourceException;
import org.vivarium.api.ProgramException;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerLostException;
import org.vivarium.api.view.BreakerView;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Limits by key, retries and circuit breakers; with real Python processes. */
@StartsProcesses
class PoliciesTest {
    private static final Actor OPERATOR = new Actor("ann", "test");

    @TempDir
    Path runs;

    @TempDir
    Path files;

    private RunningService service;
    private final ExecutorService callers = Executors.newFixedThreadPool(50);

    @BeforeEach
    void start() throws Exception {
        String text = RunningService.examplesAndMisbehaviour(8)
                .replace(
                        "python {",
                        "recovery { restart-limit = 1000, retry-base-delay = 20 ms, breaker-open = 200 ms }, python {");
        service = new RunningService(runs, text).awaitReady(8);
    }

    @AfterEach
    void stop() {
        callers.shutdownNow();
        service.close();
    }

    @Test
    void fifty_callers_keep_to_one_of_a_key_and_five_in_all_as_the_programs_themselves_see_it() {
        configure(Map.of("PerKeyLimit", 1, "GlobalLimit", 5));

        List<CompletableFuture<String>> calls = IntStream.range(0, 50)
                .mapToObj(call -> {
                    String key = "k" + call % 8;
                    return call % 2 == 0
                            ? CompletableFuture.supplyAsync(() -> together(key), callers)
                            : togetherAsync(key);
                })
                .toList();

        int most = 0;
        for (CompletableFuture<String> call : calls) {
            assertThat(number(call.join(), "own")).isEqualTo(1);
            most = Math.max(most, number(call.join(), "all"));
        }
        assertThat(most).isBetween(2, 5);
        assertThat(service.view().waiting()).isZero();
        configure(Map.of("PerKeyLimit", 0, "GlobalLimit", 0));
        assertThat(together("k0")).isEqualTo("{\"own\":1,\"all\":1}");
    }

    @Test
    void a_busy_key_delays_another_by_one_call_at_most() throws Exception {
        configure(Map.of("GlobalLimit", 1));
        List<String> order = new ArrayList<>();
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int call = 0; call < 12; call++) {
            String key = call < 11 ? "busy" : "other";
            int waiting = call;
            calls.add(CompletableFuture.runAsync(
                    () -> {
                        service.call("sleep", "{\"seconds\":0.05}", CallOptions.DEFAULT.withKey(key));
                        synchronized (order) {
                            order.add(key);
                        }
                    },
                    callers));
            await("in line", () -> service.view().waiting() + done(order) >= waiting);
        }
        int before = done(order);
        calls.forEach(CompletableFuture::join);

        assertThat(order.subList(before, order.size()).indexOf("other")).isLessThanOrEqualTo(2);
    }

    private static int done(List<String> order) {
        synchronized (order) {
            return order.size();
        }
    }

    @Test
    void a_call_that_gets_no_permit_in_time_says_what_runs_and_one_that_dies_gives_its_permit_back() {
        configure(Map.of("PerKeyLimit", 1));
        CallOptions keyed = CallOptions.DEFAULT.withKey("k");
        CompletableFuture<String> slow =
                CompletableFuture.supplyAsync(() -> service.call("sleep", "{\"seconds\":1}", keyed), callers);
        await("the slow call", () -> service.view().busy() == 1);

        CallTimeoutException late = catchThrowableOfType(
                CallTimeoutException.class, () -> service.call("echo", "{}", keyed.withTimeout(Duration.ofMillis(50))));
        assertThat(late.type()).isEqualTo("KeyBusy");
        assertThat(late).hasMessageContaining("1 calls with key 'k' run (PerKeyLimit is 1)");
        slow.join();

        assertThatThrownBy(() -> service.call("crash", "{}", keyed)).isInstanceOf(WorkerLostException.class);
        assertThatThrownBy(() -> service.call("fail", "{}", keyed)).isInstanceOf(ProgramException.class);
        assertThat(service.call("echo", "{}", keyed)).isEqualTo("{}");
    }

    @Test
    void a_lost_call_of_a_program_that_may_run_twice_is_made_again_and_counted_once() throws IOException {
        String inputs = "{\"directory\":\"" + files + "\",\"times\":1}";

        assertThat(service.call("crash_at_first", inputs)).isEqualTo("{\"before\":1}");

        assertThat(service.view().totals().retries()).isEqualTo(1);
        assertThat(service.view().totals().calls()).isEqualTo(1);
        assertThat(service.view().totals().errors()).isZero();

        clear();
        assertThat(async("crash_at_first", inputs, CallOptions.DEFAULT).join()).isEqualTo("{\"before\":1}");
        assertThat(service.view().totals().retries()).isEqualTo(2);
    }

    @Test
    void what_fails_too_often_or_may_not_run_twice_or_has_no_time_left_is_told_with_its_number() throws IOException {
        configure(Map.of("IsolationKills", 0));
        String inputs = "{\"directory\":\"" + files + "\",\"times\":3}";
        WorkerLostException last =
                catchThrowableOfType(WorkerLostException.class, () -> service.call("crash_at_first", inputs));
        assertThat(last.details().context().attempt())
                .as("one more worker, not two")
                .isEqualTo(2);
        assertThat(service.view().totals().errors()).isEqualTo(1);

        clear();
        WorkerLostException once = catchThrowableOfType(
                WorkerLostException.class,
                () -> service.call("crash_at_first", inputs, CallOptions.DEFAULT.withIdempotent(false)));
        assertThat(once.details().context().attempt()).isEqualTo(1);

        clear();
        configure(Map.of("RetryBaseDelayMillis", 10_000));
        WorkerLostException hurried = catchThrowableOfType(
                WorkerLostException.class,
                () -> service.call("crash_at_first", inputs, CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(5))));
        assertThat(hurried.details().context().attempt()).isEqualTo(1);
    }

    @Test
    void while_a_call_pauses_its_key_is_free_and_its_session_is_not() throws Exception {
        configure(Map.of("PerKeyLimit", 1, "RetryBaseDelayMillis", 1_000));
        String inputs = "{\"directory\":\"" + files + "\",\"times\":1}";
        CallOptions keyed = CallOptions.DEFAULT
                .withContext(CallContext.of(Map.of("session", "a")))
                .withKey("k");
        CompletableFuture<String> paused =
                CompletableFuture.supplyAsync(() -> service.call("crash_at_first", inputs, keyed), callers);
        await("the pause", () -> service.view().totals().retries() == 1);

        assertThat(service.call("echo", "{}", CallOptions.DEFAULT.withKey("k"))).isEqualTo("{}");
        PythonException busy = catchThrowableOfType(
                PythonException.class, () -> service.call("echo", "{}", keyed.withTimeout(Duration.ofMillis(50))));
        assertThat(busy.type()).isEqualTo("SessionBusy");
        assertThat(paused.join()).isEqualTo("{\"before\":1}");
    }

    @Test
    void a_pool_that_stops_ends_the_pauses_of_its_calls() throws Exception {
        configure(Map.of("RetryBaseDelayMillis", 20_000));
        String inputs = "{\"directory\":\"" + files + "\",\"times\":9}";
        CompletableFuture<String> paused = async("crash_at_first", inputs, CallOptions.DEFAULT);
        await("the pause", () -> service.view().totals().retries() == 1);

        service.pool().close();

        assertThat(paused)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        PoolResourceException.class, e -> assertThat(e.type()).isEqualTo("PoolStopped"));
    }

    @Test
    void a_program_whose_faults_are_five_in_a_row_is_refused_then_probed_and_closed_by_successes() {
        for (int call = 0; call < 5; call++) {
            assertThatThrownBy(() -> service.call("depend", "{\"up\":false}")).isInstanceOf(ProgramException.class);
        }
        PoolResourceException refused =
                catchThrowableOfType(PoolResourceException.class, () -> service.call("depend", "{\"up\":true}"));
        assertThat(refused.type()).isEqualTo("BreakerOpen");
        assertThat(refused.retryable()).isTrue();
        assertThat(refused).hasMessageContaining("5 failures in a row");
        assertThat(service.call("echo", "{}")).as("only this program").isEqualTo("{}");

        await("a probe", this::isUp);
        assertThat(breaker("depend").state()).isEqualTo("HALF_OPEN");
        assertThat(isUp()).isTrue();
        assertThat(isUp()).isTrue();
        assertThat(breaker("depend").state()).isEqualTo("CLOSED");
        assertThat(breaker("depend").rejected()).isPositive();
        assertThat(breaker("depend").since()).isNotNull();
    }

    private boolean isUp() {
        try {
            return service.call("depend", "{\"up\":true}").equals("true");
        } catch (PoolResourceException e) {
            return false;
        }
    }

    @Test
    void what_one_caller_makes_a_program_raise_changes_nothing_for_others() {
        for (int call = 0; call < 100; call++) {
            assertThatThrownBy(() -> statistics("[]")).isInstanceOf(ProgramException.class);
        }

        statistics("[1]");

        assertThat(breaker("statistics").failures()).isZero();
    }

    @Test
    void a_breaker_that_was_opened_by_hand_survives_new_workers_and_is_closed_by_hand() {
        service.operations().pool("default").openBreaker("echo", OPERATOR);
        service.control()
                .workers()
                .forEach(worker -> ProcessHandle.of(worker.pid()).ifPresent(ProcessHandle::destroyForcibly));
        await("new workers", () -> service.view().totals().started() >= 16);
        service.awaitReady(8);

        PoolResourceException refused =
                catchThrowableOfType(PoolResourceException.class, () -> service.call("echo", "{}"));
        assertThat(refused).hasMessageContaining("was opened by hand");
        service.operations().pool("default").closeBreaker("echo", OPERATOR);
        assertThat(service.call("echo", "{}")).isEqualTo("{}");
    }

    @Test
    void invalid_inputs_and_waits_do_not_count_against_a_program() {
        for (int call = 0; call < 10; call++) {
            assertThatThrownBy(() -> statistics("\"none\"")).isInstanceOf(PythonException.class);
        }
        assertThat(breaker("statistics").failures()).isZero();
        assertThat(breaker("statistics").state()).isEqualTo("CLOSED");
    }

    private String statistics(String numbers) {
        return service.call("statistics", "{\"numbers\":" + numbers + "}");
    }

    private BreakerView breaker(String program) {
        return service.operations().pool("default").breakers().stream()
                .filter(breaker -> breaker.program().equals(program))
                .findFirst()
                .orElseThrow();
    }

    private String together(String key) {
        return service.call("together", togetherInputs(key), CallOptions.DEFAULT.withKey(key));
    }

    private CompletableFuture<String> togetherAsync(String key) {
        return async("together", togetherInputs(key), CallOptions.DEFAULT.withKey(key));
    }

    private String togetherInputs(String key) {
        return "{\"directory\":\"" + files + "\",\"key\":\"" + key + "\",\"seconds\":0.02}";
    }

    private CompletableFuture<String> async(String program, String inputs, CallOptions options) {
        return service.operations()
                .pool("default")
                .callAsync(program, Payload.of(inputs.getBytes(UTF_8)), options)
                .thenApply(result -> new String(result.json(), UTF_8));
    }

    private static int number(String json, String name) {
        return Integer.parseInt(json.replaceAll(".*\"" + name + "\":(\\d+).*", "$1"));
    }

    private void configure(Map<String, ?> changes) {
        service.operations().pool("default").configure(changes, OPERATOR);
    }

    private void clear() throws IOException {
        try (var all = Files.list(files)) {
            for (Path file : all.toList()) {
                Files.delete(file);
            }
        }
    }
}
