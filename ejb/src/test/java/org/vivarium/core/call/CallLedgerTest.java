package org.vivarium.core.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.PythonException;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.CallOutcome;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.fake.SteppedPool;

class CallLedgerTest {
    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    private CallEnded onlyEnd() {
        await("one end", () -> !pool.events(CallEnded.class).isEmpty());
        assertThat(pool.events(CallEnded.class)).hasSize(1);
        return pool.events(CallEnded.class).get(0);
    }

    @Test
    void a_call_that_goes_well_is_counted_and_told_once_with_its_wait_and_its_run() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> first = pool.begin("hold");
        pool.held(0);
        CompletableFuture<String> second = pool.begin("hold");
        await("one in line", () -> pool.view().waiting() == 1);
        pool.pass(Duration.ofMillis(300));
        pool.held(0).result("1");
        resultOf(first);
        pool.held(1);
        pool.pass(Duration.ofMillis(200));
        pool.held(1).result("2");
        resultOf(second);

        await("both ends", () -> pool.events(CallEnded.class).size() == 2);
        CallEnded ended = pool.events(CallEnded.class).get(1);
        assertThat(ended.waitNanos()).isEqualTo(300_000_000);
        assertThat(ended.executionNanos()).isEqualTo(200_000_000);
        assertThat(ended.totalNanos()).isEqualTo(500_000_000);
        assertThat(ended.worker()).isEqualTo("default-1");
        assertThat(ended.attempts()).isEqualTo(1);
        assertThat(ended.failure()).isNull();
        assertThat(pool.view().totals().calls()).isEqualTo(2);
        assertThat(pool.view().totals().errors()).isZero();
    }

    @Test
    void a_call_that_succeeds_at_a_later_attempt_is_resolved_and_one_that_fails_at_the_last_is_not() {
        pool = SteppedPool.of(1, Map.of(PoolParameter.RETRY_BASE_DELAY, 1_000L, PoolParameter.MAXIMUM_RETRIES, 1L));
        AtomicInteger attempts = new AtomicInteger();
        pool.workers().defineIdempotent("flaky", call -> {
            if (attempts.incrementAndGet() == 2) {
                call.result("1");
            } else {
                call.error("resource_error", "MemoryError", "all gone");
            }
        });
        pool.start().awaitReady(1);
        CompletableFuture<String> resolved = pool.begin("flaky");
        pool.passUntil("its second attempt", resolved::isDone);
        CompletableFuture<String> unresolved = pool.begin("flaky");
        pool.passUntil("its last attempt", unresolved::isDone);
        pool.call("echo", "{}", CallOptions.DEFAULT);

        assertThat(resultOf(resolved)).isEqualTo("1");
        assertThat(failureOf(unresolved).type()).isEqualTo("MemoryError");
        assertThat(pool.view().totals().resolved()).isEqualTo(1);
        assertThat(pool.view().totals().unresolved()).isEqualTo(1);
        assertThat(pool.view().totals().retries()).isEqualTo(2);
    }

    @Test
    void an_error_of_a_program_is_counted_as_an_error_and_told_with_category_and_type() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> call = pool.begin("hold");
        pool.held(0).error("program_error", "ValueError", "no");
        failureOf(call);

        CallEnded ended = onlyEnd();
        assertThat(ended.failure()).isEqualTo(ErrorCategory.PROGRAM_ERROR);
        assertThat(ended.errorType()).isEqualTo("ValueError");
        assertThat(ended.outcome()).isEqualTo(CallOutcome.of(ErrorCategory.PROGRAM_ERROR, "ValueError"));
        PoolTotals totals = pool.view().totals();
        assertThat(totals.calls()).isEqualTo(1);
        assertThat(totals.errors()).isEqualTo(1);
        assertThat(totals.timeouts()).isZero();
    }

    @Test
    void a_call_that_finds_the_queue_full_is_counted_as_rejected() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.QUEUE_LIMIT, 0L));
        pool.hold();

        PythonException failure = failureOf(pool.begin("echo"));

        assertThat(failure.type()).isEqualTo("QueueFull");
        assertThat(failure.retryable()).isTrue();
        assertThat(failure)
                .hasMessageContaining("is full: 0 calls wait, QueueLimit is 0")
                .extracting(PythonException::type)
                .isEqualTo("QueueFull");

        assertThat(pool.view().totals().rejected()).isEqualTo(1);
        assertThat(pool.view().totals().calls()).isEqualTo(1);
        assertThat(onlyEnd().worker()).as("it never reached one").isNull();
    }

    @Test
    void a_call_that_is_made_again_is_one_call_with_two_attempts() {
        pool = SteppedPool.of(1, Map.of(PoolParameter.RETRY_BASE_DELAY, 4_000L));
        pool.workers().defineIdempotent("flaky", call -> {
            if (call.worker().id().equals("default-1")) {
                call.worker().die(3);
            } else {
                call.result("\"done\"");
            }
        });
        pool.start().awaitReady(1);

        CompletableFuture<String> call = pool.begin("flaky");
        pool.awaitDelay(Duration.ofSeconds(3), Duration.ofSeconds(5));
        pool.pass(Duration.ofSeconds(5));
        assertThat(resultOf(call)).isEqualTo("\"done\"");

        assertThat(onlyEnd().attempts()).isEqualTo(2);
        PoolTotals totals = pool.view().totals();
        assertThat(totals.calls()).isEqualTo(1);
        assertThat(totals.retries()).isEqualTo(1);
        assertThat(totals.errors()).isZero();
    }

    @Test
    void what_a_program_declares_as_a_fault_opens_its_breaker_and_another_program_goes_on() {
        pool = SteppedPool.of(1, Map.of(PoolParameter.BREAKER_FAILURES, 3L));
        pool.workers()
                .define(
                        "depends",
                        call -> call.error(Map.of(
                                "category", "program_error",
                                "type", "ConnectionError",
                                "message", "refused",
                                "fault", true)));
        pool.start().awaitReady(1);
        for (int fault = 1; fault <= 3; fault++) {
            assertThat(failureOf(pool.begin("depends")).type()).isEqualTo("ConnectionError");
        }

        assertThat(failureOf(pool.begin("depends")).type()).isEqualTo("BreakerOpen");

        assertThat(pool.call("echo", "{}", CallOptions.DEFAULT)).isEqualTo("{}");
    }

    @Test
    void what_the_inputs_of_one_caller_make_a_program_raise_changes_nothing_for_others() {
        pool = SteppedPool.of(1, Map.of(PoolParameter.BREAKER_FAILURES, 3L, PoolParameter.MAXIMUM_RETRIES, 0L));
        pool.workers().define("picky", call -> {
            if (call.inputs().contains("bad")) {
                call.error("program_error", "ValueError", "bad");
            } else {
                call.result("1");
            }
        });
        pool.start().awaitReady(1);

        for (int failure = 1; failure <= 100; failure++) {
            assertThat(failureOf(pool.begin("picky", "{\"x\":\"bad\"}", CallOptions.DEFAULT))
                            .type())
                    .isEqualTo("ValueError");
        }

        assertThat(pool.call("picky", "{}", CallOptions.DEFAULT)).isEqualTo("1");
    }

    @Test
    void only_calls_that_took_all_of_their_own_time_open_the_breaker_never_a_shorter_one_of_the_caller() {
        pool = SteppedPool.of(1, Map.of(PoolParameter.BREAKER_FAILURES, 2L, PoolParameter.OPERATION_TIMEOUT, 10_000L));
        pool.workers().define("slow", call -> {});
        pool.start().awaitReady(1);

        for (int failure = 1; failure <= 3; failure++) {
            CompletableFuture<String> call =
                    pool.begin("slow", "{}", CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)));
            pool.passUntil("its end", call::isDone);
            assertThat(failureOf(call).type()).isEqualTo("CallTimeout");
            pool.passUntil("a worker", () -> pool.view().ready() == 1);
        }
        for (int fault = 1; fault <= 2; fault++) {
            CompletableFuture<String> call = pool.begin("slow");
            pool.passUntil("its end", call::isDone);
            assertThat(failureOf(call).type()).isEqualTo("CallTimeout");
            pool.passUntil("a worker", () -> pool.view().ready() == 1);
        }

        assertThat(failureOf(pool.begin("slow")).type()).isEqualTo("BreakerOpen");
    }
}
