package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.CallTimeoutException;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerLostException;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Sessions outlive their workers; with real Python processes. */
@StartsProcesses
class SessionsTest {
    private static final Logger LOG = LoggerFactory.getLogger(SessionsTest.class);
    private static final int SESSIONS = Integer.getInteger("vivarium.test.sessions", 300);

    @TempDir
    Path runs;

    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        String text = RunningService.examplesAndMisbehaviour(3)
                .replace("python {", "recovery { restart-limit = 1000 }, python {");
        service = new RunningService(runs, text).awaitReady(3);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void a_session_counts_on_after_its_worker_was_killed() {
        assertThat(count("a")).isEqualTo(1);
        assertThat(count("b")).isEqualTo(1);
        for (int expected = 2; expected < 6; expected++) {
            killAll();
            assertThat(count("a")).isEqualTo(expected);
        }
        assertThat(count("b")).isEqualTo(2);
    }

    @Test
    void calls_of_one_session_are_answered_one_after_the_other_synchronous_or_not() {
        List<CompletableFuture<byte[]>> calls = IntStream.range(0, 200)
                .mapToObj(call -> call % 2 == 0
                        ? RunningService.inBackground(
                                () -> service.call("count", "{}", in("a")).getBytes(UTF_8))
                        : service.pool()
                                .calls()
                                .callAsync(
                                        "count", Payload.EMPTY, in("a"), java.util.concurrent.ForkJoinPool.commonPool())
                                .thenApply(Payload::json))
                .toList();
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();

        assertThat(calls.stream().map(CompletableFuture::join).map(result -> new String(result, UTF_8)))
                .containsExactlyInAnyOrderElementsOf(IntStream.rangeClosed(1, 200)
                        .mapToObj("{\"count\":%d}"::formatted)
                        .toList());
    }

    @Test
    void a_call_that_gets_no_turn_in_time_says_so_and_the_session_goes_on() throws Exception {
        CompletableFuture<String> slow =
                RunningService.inBackground(() -> service.call("sleep", "{\"seconds\":2}", in("a")));
        await("the slow call", () -> service.view().busy() == 1);

        CallTimeoutException late = catchThrowableOfType(
                CallTimeoutException.class,
                () -> service.call("count", "{}", in("a").withTimeout(Duration.ofMillis(50))));

        assertThat(late).hasMessageStartingWith("session 'a' was busy with other calls; 'count'");
        slow.join();
        assertThat(count("a")).isEqualTo(1);
    }

    @Test
    void every_counter_is_exact_while_workers_are_killed_throughout() throws Exception {
        Map<String, Integer> expected = new ConcurrentHashMap<>();
        AtomicInteger done = new AtomicInteger();
        List<Thread> callers = IntStream.range(0, 8)
                .mapToObj(caller -> new Thread(() -> {
                    for (int call = 0; call < SESSIONS; call++) {
                        countAndExpect("s" + ThreadLocalRandom.current().nextInt(SESSIONS), expected);
                        done.incrementAndGet();
                    }
                }))
                .toList();
        callers.forEach(Thread::start);
        for (int kill = 0; kill < 5; kill++) {
            int before = done.get();
            await("further calls", () -> done.get() > before + SESSIONS);
            killOne();
        }
        for (Thread caller : callers) {
            caller.join();
        }

        LOG.info("{} sessions, {} calls", expected.size(), done);
        expected.forEach(
                (session, calls) -> assertThat(count(session)).as(session).isEqualTo(calls + 1));
    }

    /** A call that is lost with its worker has changed nothing: its checkpoint never came. */
    private void countAndExpect(String session, Map<String, Integer> expected) {
        try {
            count(session);
            expected.merge(session, 1, Integer::sum);
        } catch (WorkerLostException e) {
            LOG.debug("lost with its worker", e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"raise", "odd", "hang", "stubborn", "cancelled"})
    void a_call_that_fails_leaves_its_session_as_it_was_in_the_same_worker_and_in_another(String end) {
        String before = service.call("add_to_session", "{\"item\":\"kept\"}", in("a"));

        assertThat(catchThrowable(() -> fail(end))).isInstanceOf(PythonException.class);

        String after = service.call("add_to_session", "{\"item\":\"next\"}", in("a"));
        assertThat(after).isEqualTo(before.replace("]", ",\"next\"]")); // the id of the process included
        assertThat(catchThrowable(() -> fail(end))).isInstanceOf(PythonException.class);
        killAll();
        assertThat(service.call("add_to_session", "{\"item\":\"last\"}", in("a")))
                .endsWith(",\"kept\",\"next\",\"last\"]")
                .doesNotStartWith(before.substring(0, before.indexOf(',')));
    }

    private void fail(String end) {
        String inputs = "{\"item\":\"lost\",\"end\":\"%s\"}".formatted(end.equals("cancelled") ? "hang" : end);
        if (!end.equals("cancelled")) {
            service.call("add_to_session", inputs, in("a").withTimeout(Duration.ofMillis(300)));
            return;
        }
        CompletableFuture<String> call =
                RunningService.inBackground(() -> service.call("add_to_session", inputs, in("a")));
        await("the call", () -> !service.control().inFlight().isEmpty());
        service.control().cancel(service.control().inFlight().get(0).id(), new Actor("ada", "rest"));
        try {
            call.join();
        } catch (CompletionException e) {
            throw (PythonException) e.getCause();
        }
    }

    @Test
    void what_cannot_be_kept_is_an_error_that_names_it() {
        PythonException unsavable = catchThrowableOfType(
                PythonException.class, () -> service.call("keep_in_session", "{\"what\":\"lambda\"}", in("a")));
        assertThat(unsavable.type()).isEqualTo("UnsavableSession");
        assertThat(unsavable).hasMessageContaining("context.session['kept'] cannot be saved");

        PythonException large = catchThrowableOfType(
                PythonException.class, () -> service.call("keep_in_session", "{\"what\":\"much\"}", in("a")));
        assertThat(large.type()).isEqualTo("SessionTooLarge");
        assertThat(large).hasMessageContaining("at most 1048576 are allowed");

        assertThat(service.call("keep_in_session", "{\"what\":\"some\"}", in("a")))
                .isEqualTo("null");
        killAll();
        assertThat(count("a")).isEqualTo(1);
    }

    private int count(String session) {
        String result = service.call("count", "{}", in(session));
        return Integer.parseInt(result.replaceAll("\\D", ""));
    }

    private static CallOptions in(String session) {
        return CallOptions.DEFAULT.withContext(CallContext.of(Map.of("session", session)));
    }

    private void killAll() {
        service.control().workers().stream()
                .flatMap(worker -> ProcessHandle.of(worker.pid()).stream())
                .forEach(ProcessHandle::destroyForcibly);
    }

    private void killOne() {
        Stream.of(service.control().workers().get(0))
                .flatMap(worker -> ProcessHandle.of(worker.pid()).stream())
                .forEach(ProcessHandle::destroyForcibly);
    }
}
