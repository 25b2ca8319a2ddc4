package org.vivarium.core.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.view.CallView;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.SteppedPool;

class CallsInFlightTest {
    private SteppedPool pool;

    @BeforeEach
    void start() {
        pool = SteppedPool.started(2);
    }

    @AfterEach
    void close() {
        pool.close();
    }

    @Test
    void every_call_that_a_worker_has_is_shown_the_longest_running_first() {
        CallContext context = CallContext.correlated("order-7").withSession("s");
        CompletableFuture<String> first = pool.begin(
                "hold", "{}", CallOptions.DEFAULT.withContext(context).withTimeout(Duration.ofSeconds(10)));
        FakeCall one = pool.held(0);
        pool.pass(Duration.ofMillis(400));
        FakeCall two = pool.hold();
        pool.pass(Duration.ofMillis(100));

        List<CallView> calls = pool.control().inFlight();

        assertThat(calls)
                .extracting(CallView::worker)
                .containsExactly(one.worker().id(), two.worker().id());
        assertThat(calls).extracting(CallView::runningMillis).containsExactly(500.0, 100.0);
        CallView view = calls.get(0);
        assertThat(view.remainingMillis()).isEqualTo(9_500);
        assertThat(view.session()).isEqualTo("s");
        assertThat(view.correlationId()).isEqualTo("order-7");
        one.result("1");
        resultOf(first);
        assertThat(pool.control().inFlight())
                .extracting(CallView::worker)
                .containsExactly(two.worker().id());
        two.result("2");
    }

    @Test
    void only_the_call_of_that_name_is_cancelled() {
        FakeCall one = pool.hold();
        FakeCall two = pool.hold();
        one.whenCancelled(level -> one.error("timeout_error", "OperationCancelled", "cancelled"));
        String name = pool.control().inFlight().stream()
                .filter(call -> call.worker().equals(one.worker().id()))
                .findFirst()
                .orElseThrow()
                .id();

        pool.control().cancel(name, Actor.SERVICE);

        await("one call", () -> pool.control().inFlight().size() == 1);
        assertThat(two.cancelLevel()).isZero();
        two.result("2");
    }

    @Test
    void a_call_that_is_not_in_progress_cannot_be_cancelled() {
        assertThatThrownBy(() -> pool.control().cancel("default-1.0.7", Actor.SERVICE))
                .isInstanceOf(InvalidCallException.class)
                .hasMessageContaining("no call 'default-1.0.7' that waits or runs");
    }
}
