package org.vivarium.core.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.SteppedPool;

class CallStreamTest {
    private static final Map<String, Object> OBEYED =
            Map.of("category", "timeout_error", "type", "OperationCancelled", "message", "cancelled");

    private SteppedPool pool;
    private PayloadStream stream;
    private FakeCall call;

    @BeforeEach
    void start() {
        pool = SteppedPool.started(1);
        stream = pool.pool().calls().stream(
                "hold",
                Payload.EMPTY,
                CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(5)).withContext(CallContext.NONE.withSession("s")));
        call = pool.held(0);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private String next() {
        return new String(stream.next().json(), UTF_8);
    }

    private void assertServesOn() {
        assertThat(resultOf(pool.begin("echo"))).isEqualTo("{}");
        assertThat(pool.workers().all()).hasSize(1);
    }

    @Test
    void chunks_come_in_order_as_they_are_made_and_then_the_end() {
        assertThat(call.isStream()).isTrue();
        call.chunk("1");
        assertThat(next()).isEqualTo("1");
        call.chunk("2");
        call.chunk("3");
        assertThat(next()).isEqualTo("2");
        assertThat(next()).isEqualTo("3");
        call.result("null", "saved");

        assertThat(stream.hasNext()).isFalse();
        assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
        assertServesOn();
        assertThat(pool.control().sessions(PageRequest.FIRST).items().get(0).stateBytes())
                .isEqualTo("saved".length());
    }

    @Test
    void a_program_that_is_no_generator_streams_its_one_result() {
        call.result("[1,2]");

        assertThat(next()).isEqualTo("[1,2]");
        assertThat(stream.hasNext()).isFalse();
    }

    @Test
    void a_program_that_fails_while_it_yields_fails_the_stream_after_its_chunks() {
        call.chunk("1");
        call.error("program_error", "ValueError", "no");

        assertThat(next()).isEqualTo("1");
        assertThatThrownBy(stream::hasNext).isInstanceOf(PythonException.class).hasMessageContaining("no");
        assertServesOn();
    }

    @Test
    void a_worker_that_dies_while_it_yields_fails_the_stream_and_nothing_is_run_twice() {
        call.chunk("1");
        assertThat(next()).isEqualTo("1");

        call.worker().dieOf(9);

        assertThat(failureOf(pool.background(stream::hasNext)).type()).isEqualTo("WorkerLost");
        assertThat(pool.held()).hasSize(1);
    }

    @Test
    void a_consumer_that_leaves_early_cancels_the_program_and_frees_the_worker() {
        call.chunk("1");
        assertThat(next()).isEqualTo("1");
        call.whenCancelled(level -> call.error(OBEYED));

        stream.close();

        assertThat(call.cancelLevel()).isEqualTo(1);
        assertThat(stream.hasNext()).isFalse();
        assertServesOn();
    }

    @Test
    void a_consumer_that_never_comes_back_has_its_program_cancelled_at_the_deadline() {
        call.chunk("1");
        assertThat(next()).isEqualTo("1");
        call.whenCancelled(level -> call.error(OBEYED));

        pool.pass(Duration.ofMillis(4_900));
        assertThat(call.cancelLevel()).as("too early").isZero();
        pool.pass(Duration.ofMillis(200));

        await("a free worker", () -> pool.view().idle() == 1);
        assertThat(failureOf(pool.background(stream::hasNext)).type()).isEqualTo("CallTimeout");
        assertServesOn();
    }

    @Test
    void a_close_from_another_thread_ends_the_wait_of_the_consumer() {
        call.whenCancelled(level -> call.error(OBEYED));
        CompletableFuture<Boolean> waiting = pool.background(stream::hasNext);
        await("a busy worker", () -> pool.view().busy() == 1);

        stream.close();

        await("the end of the wait", waiting::isDone);
        assertServesOn();
    }
}
