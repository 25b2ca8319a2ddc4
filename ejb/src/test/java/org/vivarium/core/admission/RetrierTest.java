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
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.SteppedPool;

/** Delays are from 3 to 5 s before the first retry, and from 6 to 10 s before the second. */
class RetrierTest {
    private SteppedPool pool;

    @BeforeEach
    void start() {
        pool = SteppedPool.of(
                2,
                Map.of(
                        PoolParameter.RETRY_BASE_DELAY, 4_000L,
                        PoolParameter.MAXIMUM_RETRIES, 2L,
                        PoolParameter.BREAKER_FAILURES, 0L,
                        PoolParameter.PER_KEY_LIMIT, 1L));
        pool.workers().defineIdempotent("babble", FakeCall::breakProtocol);
        pool.workers().define("babble_once", FakeCall::breakProtocol);
        pool.start().awaitReady(2);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    private void awaitFirstDelay() {
        pool.awaitDelay(Duration.ofSeconds(3), Duration.ofSeconds(5));
    }

    private void awaitSecondDelay() {
        pool.awaitDelay(Duration.ofSeconds(6), Duration.ofSeconds(10));
    }

    @Test
    void a_program_that_may_run_twice_is_called_again_after_a_delay_that_grows_until_the_retries_are_used_up() {
        CompletableFuture<String> call = pool.begin("babble");
        awaitFirstDelay();
        pool.pass(Duration.ofMillis(2_900));
        assertThat(pool.view().totals().died()).as("too early").isEqualTo(1);

        pool.pass(Duration.ofMillis(2_100));
        awaitSecondDelay();
        pool.pass(Duration.ofMillis(3_900)); // it may have begun 2 s ago
        assertThat(pool.view().totals().died()).as("too early").isEqualTo(2);
        pool.pass(Duration.ofMillis(6_100));

        assertThat(failureOf(call).type()).isEqualTo("MalformedFrame");
        assertThat(failureOf(call).details().context().attempt()).isEqualTo(3);
        await("its workers", () -> pool.view().totals().died() == 3);
    }

    @Test
    void a_call_without_a_thread_is_made_again_likewise() {
        CompletableFuture<Payload> call = pool.beginAsync("babble", CallOptions.DEFAULT);
        awaitFirstDelay();
        pool.pass(Duration.ofSeconds(5));
        awaitSecondDelay();
        pool.pass(Duration.ofSeconds(10));

        assertThat(failureOf(call).type()).isEqualTo("MalformedFrame");
    }

    @Test
    void a_program_that_says_nothing_is_not_run_twice_unless_its_caller_allows_it() {
        assertThat(failureOf(pool.begin("babble_once")).details().context().attempt())
                .isEqualTo(1);
        pool.awaitReady(2);

        CompletableFuture<String> allowed = pool.begin("babble_once", "{}", CallOptions.DEFAULT.withIdempotent(true));
        awaitFirstDelay();
        pool.pass(Duration.ofSeconds(5));
        awaitSecondDelay();
        pool.pass(Duration.ofSeconds(10));

        assertThat(failureOf(allowed).details().context().attempt()).isEqualTo(3);
    }

    @Test
    void nobody_waits_for_a_retry_that_would_come_after_the_deadline() {
        CompletableFuture<String> call =
                pool.begin("babble", "{}", CallOptions.DEFAULT.withTimeout(Duration.ofMillis(2_900)));

        assertThat(failureOf(call).details().context().attempt()).isEqualTo(1);
        assertThat(pool.view().totals().retries()).isZero();
    }

    @Test
    void an_error_of_the_program_is_never_retried() {
        CompletableFuture<String> call = pool.begin("hold", "{}", CallOptions.DEFAULT.withIdempotent(true));
        pool.held(0).error("program_error", "ValueError", "no");

        assertThat(failureOf(call).details().context().attempt()).isEqualTo(1);
    }

    @Test
    void while_a_call_waits_to_be_made_again_its_key_is_free() {
        CompletableFuture<String> call = pool.begin("babble", "{}", CallOptions.DEFAULT.withKey("ada"));
        awaitFirstDelay();

        assertThat(resultOf(pool.begin("echo", "{}", CallOptions.DEFAULT.withKey("ada"))))
                .isEqualTo("{}");

        pool.pass(Duration.ofSeconds(5));
        awaitSecondDelay();
        pool.pass(Duration.ofSeconds(10));
        failureOf(call);
    }

    @Test
    void a_pool_that_stops_or_is_drained_ends_the_wait_with_its_reason() {
        CompletableFuture<String> call = pool.begin("babble");
        awaitFirstDelay();

        pool.control().drain(Actor.SERVICE);
        pool.pass(Duration.ofSeconds(5));

        assertThat(failureOf(call).type()).isEqualTo("PoolDrained");
    }
}
