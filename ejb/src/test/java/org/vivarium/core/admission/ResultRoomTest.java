package org.vivarium.core.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.api.memory.ByteBudget;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.testing.fake.SteppedPool;

/** Large results wait in their workers until there is room for them. */
@Timeout(20)
class ResultRoomTest {
    private static final String LARGE = '"' + "x".repeat(200_000) + '"';
    private static final CallOptions SECOND = CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1));

    private final SteppedPool pool = SteppedPool.of(1, Map.of());
    private final ByteBudget results = pool.results();

    @BeforeEach
    void start() {
        results.limit(300_000);
        pool.workers().define("large", call -> call.result(LARGE));
        pool.workers().define("chunks", call -> {
            call.chunk(LARGE);
            call.chunk(LARGE);
            call.result("null");
        });
        pool.start().awaitReady(1);
    }

    @AfterEach
    void close() {
        pool.close();
        assertThat(results.used()).isZero();
    }

    @Test
    void a_large_result_has_room_only_until_its_caller_has_it() {
        assertThat(pool.call("large", "{}", SECOND)).isEqualTo(LARGE);
        assertThat(results.used()).isZero();
    }

    @Test
    void without_room_it_waits_in_its_worker_and_then_is_delivered() {
        results.hold(200_000);
        CompletableFuture<String> call = pool.begin("large", "{}", SECOND);
        await("a result that waits for room", () -> results.waiting() == 1);
        assertThat(call).isNotDone();
        results.release(200_000);
        assertThat(resultOf(call)).isEqualTo(LARGE);
    }

    @Test
    void at_the_deadline_it_is_lost_but_neither_its_worker_nor_anybody_else_is() {
        results.hold(200_000);
        CompletableFuture<String> call = pool.begin("large", "{}", SECOND);
        await("a result that waits for room", () -> results.waiting() == 1);
        pool.passUntil("end of the call", call::isDone);
        PythonException failure = failureOf(call);
        assertThat(failure.type()).isEqualTo("ResultUndelivered");
        assertThat(failure.retryable()).isFalse();
        assertThat(failure).hasMessageContaining("has run").hasMessageContaining("1000 ms");
        assertThat(pool.call("echo", "{\"a\":1}", SECOND)).isEqualTo("{\"a\":1}");
        assertThat(pool.view().ready()).isEqualTo(1);
        assertThat(pool.worker(1).isAlive()).isTrue();
        assertThat(results.refused()).isEqualTo(1);
        results.release(200_000);
        assertThat(pool.call("large", "{}", SECOND)).isEqualTo(LARGE);
    }

    @Test
    void one_that_waits_can_be_cancelled() {
        results.hold(200_000);
        CompletableFuture<String> call = pool.begin("large", "{}", CallOptions.DEFAULT);
        await("a result that waits for room", () -> results.waiting() == 1);
        pool.control()
                .cancel(pool.control().calls(PageRequest.FIRST).items().get(0).id(), new Actor("ann", "test"));
        assertThat(failureOf(call)).hasMessageContaining("cancelled by").hasMessageContaining("ann");
        results.release(200_000);
    }

    @Test
    void the_stages_of_an_asynchronous_call_run_before_its_room_is_given_back() {
        CompletableFuture<Long> seen = new CompletableFuture<>();
        CompletableFuture<Payload> call = pool.beginAsync("hold", SECOND);
        CompletableFuture<?> unused = call.thenAccept(result -> seen.complete(results.used()));
        pool.held(0).result(LARGE);
        assertThat(seen.join()).isEqualTo(LARGE.length());
        await("room that is given back", () -> results.used() == 0);
    }

    @Test
    void a_stream_has_room_for_one_chunk_at_a_time() {
        try (PayloadStream chunks = pool.pool().calls().stream("chunks", Payload.EMPTY, SECOND)) {
            assertThat(chunks.next().json()).hasSize(LARGE.length());
            assertThat(results.used()).isEqualTo(LARGE.length());
            assertThat(chunks.next().json()).hasSize(LARGE.length());
            assertThat(results.used()).isEqualTo(LARGE.length());
            assertThat(chunks.hasNext()).isFalse();
        }
    }
}
