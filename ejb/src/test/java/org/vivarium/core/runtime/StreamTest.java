package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Programs that yield, and consumers that are slow, leave early, or never come back. */
@StartsProcesses
class StreamTest {
    @TempDir
    private Path runs;

    private RunningService service;

    @BeforeEach
    void start() throws IOException {
        service = new RunningService(runs, RunningService.examplesAndMisbehaviour(1)).awaitReady(1);
    }

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void chunks_come_in_order_and_then_the_end() {
        try (PayloadStream stream = stream("stream_numbers", "{\"amount\":1000}")) {
            assertThat(rest(stream))
                    .isEqualTo(
                            IntStream.range(0, 1000).mapToObj(Integer::toString).toList());
            assertThat(stream.hasNext()).isFalse();
        }
        assertStillServes();
    }

    @Test
    void a_chunk_is_there_before_the_next_is_made() {
        try (PayloadStream stream = stream("yield_then_wait", "{}")) {
            assertThat(text(stream.next())).isEqualTo("\"first\"");
            assertThat(service.view().busy()).isEqualTo(1);
        }
        await("the program was stopped", () -> service.view().busy() == 0);
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void a_program_that_is_no_generator_streams_its_result() {
        try (PayloadStream stream = stream("echo", "{\"a\":1}")) {
            assertThat(rest(stream)).containsExactly("{\"a\":1}");
        }
    }

    @Test
    void a_program_that_raises_while_it_yields_fails_the_stream_after_its_chunks() {
        try (PayloadStream stream = stream("yield_then_raise", "{}")) {
            assertThat(text(stream.next())).isEqualTo("1");
            PythonException failure = catchThrowableOfType(PythonException.class, stream::hasNext);

            assertThat(failure.type()).isEqualTo("ValueError");
            assertThat(failure.details().traceback()).contains("in yield_then_raise");
        }
        assertStillServes();
    }

    @Test
    void a_worker_that_dies_while_it_yields_fails_the_stream() {
        try (PayloadStream stream = stream("yield_then_die", "{}")) {
            assertThat(text(stream.next())).isEqualTo("1");
            PythonException failure = catchThrowableOfType(PythonException.class, stream::hasNext);

            assertThat(failure.type()).isEqualTo("WorkerLost");
        }
        service.awaitReady(1);
        assertStillServes();
    }

    @Test
    void a_consumer_that_leaves_early_stops_the_program_and_frees_the_worker() {
        try (PayloadStream stream = stream("stream_numbers", "{\"amount\":100000000}")) {
            assertThat(text(stream.next())).isEqualTo("0");
        }
        assertStillServes();
        assertThat(service.view().totals().died()).isZero();
        assertThat(service.view().totals().errors()).isZero();
    }

    @Test
    void a_consumer_that_never_comes_back_loses_its_worker_at_the_deadline() {
        CallOptions options = CallOptions.DEFAULT.withTimeout(Duration.ofMillis(500));
        PayloadStream stream = service.pool().calls().stream("stream_numbers", json("{\"amount\":100000000}"), options);
        assertThat(text(stream.next())).isEqualTo("0");

        await("the worker is free again", () -> service.view().busy() == 0);

        assertStillServes();
        PythonException failure = catchThrowableOfType(PythonException.class, () -> rest(stream));
        assertThat(failure.type()).isEqualTo("CallTimeout");
    }

    @Test
    void the_state_of_a_session_is_kept_at_the_end_of_a_stream() {
        CallOptions session = CallOptions.DEFAULT.withContext(new CallContext("s", null, null, null, null, null, null));
        try (PayloadStream stream = service.pool().calls().stream("count_while_yielding", json("{}"), session)) {
            assertThat(rest(stream)).containsExactly("1", "2", "3");
        }
        assertThat(service.call("count", "{}", session)).isEqualTo("{\"count\":4}");
    }

    @Test
    void a_close_from_another_thread_ends_a_wait() throws InterruptedException {
        PayloadStream stream = stream("yield_then_wait", "{}");
        assertThat(text(stream.next())).isEqualTo("\"first\"");
        List<Throwable> ends = new ArrayList<>();
        Thread consumer = new Thread(() -> ends.add(catchThrowableOfType(PythonException.class, stream::hasNext)));
        consumer.start();
        await(
                "it waits",
                () -> consumer.getState() == Thread.State.RUNNABLE || consumer.getState() == Thread.State.WAITING);

        stream.close();
        consumer.join(Duration.ofSeconds(20).toMillis());

        assertThat(ends).hasSize(1);
        assertStillServes();
    }

    private PayloadStream stream(String program, String inputs) {
        return service.pool().calls().stream(program, json(inputs), CallOptions.DEFAULT);
    }

    private static Payload json(String text) {
        return Payload.of(text.getBytes(UTF_8));
    }

    private static String text(Payload payload) {
        return new String(payload.json(), UTF_8);
    }

    private static List<String> rest(PayloadStream stream) {
        List<String> chunks = new ArrayList<>();
        stream.forEachRemaining(chunk -> chunks.add(text(chunk)));
        return chunks;
    }

    private void assertStillServes() {
        for (int i = 0; i < 20; i++) {
            assertThat(service.call("echo", "{\"n\":%d}".formatted(i))).isEqualTo("{\"n\":%d}".formatted(i));
        }
    }
}
