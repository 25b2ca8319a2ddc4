package org.vivarium.core.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.testing.RunningService.await;
import static org.vivarium.testing.fake.SteppedPool.failureOf;
import static org.vivarium.testing.fake.SteppedPool.resultOf;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.event.SessionsRefused;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.page.Page;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.testing.fake.FakeCall;
import org.vivarium.testing.fake.SteppedPool;

class AdmissionTest {
    private SteppedPool pool;

    @AfterEach
    void close() {
        pool.close();
    }

    private void awaitWaiting(int calls) {
        await("calls in queue: " + calls, () -> pool.view().waiting() == calls);
    }

    @Test
    void who_finds_no_free_worker_waits_in_queue_and_fails_at_the_checkout_timeout_with_how_long() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.CHECKOUT_TIMEOUT, 5_000L));
        FakeCall running = pool.hold();
        CompletableFuture<String> waiting = pool.begin("echo");
        CompletableFuture<Payload> waitingToo = pool.beginAsync("echo", CallOptions.DEFAULT);
        awaitWaiting(2);

        pool.pass(Duration.ofMillis(4_900));
        assertThat(waiting).isNotDone();
        assertThat(waitingToo).isNotDone();
        assertThat(pool.view().oldestWaitMillis()).isEqualTo(4_900);
        pool.pass(Duration.ofMillis(100));

        for (CompletableFuture<?> late : List.of(waiting, waitingToo)) {
            PythonException failure = failureOf(late);
            assertThat(failure.category()).isEqualTo(ErrorCategory.TIMEOUT_ERROR);
            assertThat(failure.type()).isEqualTo("CheckoutTimeout");
            assertThat(failure).hasMessageContaining("within 5000 ms");
            assertThat(failure.details().context().waitMillis()).isEqualTo(5_000);
            assertThat(failure.details().context().worker()).isNull();
        }
        running.result("1");
    }

    @Test
    void a_deadline_before_the_checkout_timeout_ends_the_wait() {
        pool = SteppedPool.started(1);
        pool.hold();
        CompletableFuture<String> waiting =
                pool.begin("echo", "{}", CallOptions.DEFAULT.withTimeout(Duration.ofSeconds(1)));
        awaitWaiting(1);

        pool.pass(Duration.ofSeconds(1));

        assertThat(failureOf(waiting)).hasMessageContaining("within 1000 ms");
    }

    @Test
    void higher_priorities_are_served_first_and_equal_ones_in_their_order() {
        pool = SteppedPool.started(1);
        FakeCall running = pool.hold();
        CompletableFuture<String> first = pool.begin("hold", "[1]", CallOptions.DEFAULT);
        awaitWaiting(1);
        CompletableFuture<String> second = pool.begin("hold", "[2]", CallOptions.DEFAULT);
        awaitWaiting(2);
        CompletableFuture<String> urgent = pool.begin("hold", "[3]", CallOptions.DEFAULT.withPriority(1));
        awaitWaiting(3);

        running.result("0");
        pool.held(1).result("1");
        pool.held(2).result("2");
        pool.held(3).result("3");

        assertThat(pool.held().map(FakeCall::inputs)).containsExactly("{}", "[3]", "[1]", "[2]");
        assertThat(resultOf(urgent)).isEqualTo("1");
        assertThat(resultOf(first)).isEqualTo("2");
        assertThat(resultOf(second)).isEqualTo("3");
    }

    @Test
    void a_drained_pool_refuses_calls_also_those_in_queue_until_it_is_resumed() {
        pool = SteppedPool.started(1);
        CompletableFuture<String> running = pool.begin("hold");
        pool.held(0);
        CompletableFuture<String> waiting = pool.begin("echo");
        awaitWaiting(1);

        pool.control().drain(Actor.SERVICE);

        assertThat(failureOf(waiting).type()).isEqualTo("PoolDrained");
        assertThat(failureOf(pool.begin("echo")).type()).isEqualTo("PoolDrained");
        assertThat(pool.view().state()).isEqualTo("DRAINED");
        pool.held(0).result("1");
        assertThat(resultOf(running)).isEqualTo("1");
        pool.control().resume(Actor.SERVICE);
        assertThat(resultOf(pool.begin("echo"))).isEqualTo("{}");
    }

    @Test
    void a_call_gets_no_permit_beyond_the_limit_of_its_key_while_other_keys_do() {
        pool = SteppedPool.started(2, Map.of(PoolParameter.PER_KEY_LIMIT, 1L, PoolParameter.CHECKOUT_TIMEOUT, 2_000L));
        CompletableFuture<String> first = pool.begin("hold", "{}", CallOptions.DEFAULT.withKey("ada"));
        pool.held(0);
        CompletableFuture<String> second = pool.begin("hold", "{}", CallOptions.DEFAULT.withKey("ada"));
        awaitWaiting(1);
        assertThat(resultOf(pool.begin("echo", "{}", CallOptions.DEFAULT.withKey("bob"))))
                .isEqualTo("{}");
        assertThat(pool.held()).hasSize(1);

        pool.pass(Duration.ofSeconds(2));

        assertThat(failureOf(second).type()).isEqualTo("KeyBusy");
        CompletableFuture<String> third = pool.begin("hold", "{}", CallOptions.DEFAULT.withKey("ada"));
        awaitWaiting(1);
        pool.held(0).result("1");
        resultOf(first);
        pool.held(1).result("3");
        assertThat(resultOf(third)).isEqualTo("3");
    }

    @Test
    void a_raised_limit_lets_those_in_who_wait_for_a_permit() {
        pool = SteppedPool.started(2, Map.of(PoolParameter.GLOBAL_LIMIT, 1L));
        CompletableFuture<String> first = pool.begin("hold");
        pool.held(0);
        CompletableFuture<String> second = pool.begin("hold");
        awaitWaiting(1);

        pool.configure(Map.of("GlobalLimit", 2));

        pool.held(1).result("2");
        assertThat(resultOf(second)).isEqualTo("2");
        pool.held(0).result("1");
        resultOf(first);
    }

    @Test
    void calls_of_one_session_take_turns_though_workers_are_free_and_its_state_goes_along() {
        pool = SteppedPool.started(2);
        CompletableFuture<String> first = pool.beginIn("s", "hold");
        FakeCall opening = pool.held(0);
        CompletableFuture<String> second = pool.beginIn("s", "hold");
        await(
                "a call that waits for its turn",
                () -> pool.control().sessionTotals().waiting() == 1);
        assertThat(opening.state()).isEmpty();
        assertThat(pool.held()).hasSize(1);

        opening.result("1", "n=1");

        assertThat(resultOf(first)).isEqualTo("1");
        FakeCall next = pool.held(1);
        assertThat(next.state()).isEqualTo("n=1");
        next.error("program_error", "ValueError", "no");
        failureOf(second);
        CompletableFuture<String> third = pool.beginIn("s", "hold");
        assertThat(pool.held(2).state()).as("a failed call leaves it as it was").isEqualTo("n=1");
        pool.held(2).result("3");
        resultOf(third);
    }

    @Test
    void a_call_that_gets_no_turn_in_its_session_says_so_and_the_session_goes_on() {
        pool = SteppedPool.started(2, Map.of(PoolParameter.CHECKOUT_TIMEOUT, 2_000L));
        CompletableFuture<String> first = pool.beginIn("s", "hold");
        pool.held(0);
        CompletableFuture<String> second = pool.beginIn("s", "hold");
        await(
                "a call that waits for its turn",
                () -> pool.control().sessionTotals().waiting() == 1);

        pool.pass(Duration.ofSeconds(2));

        assertThat(failureOf(second).type()).isEqualTo("SessionBusy");
        pool.held(0).result("1");
        assertThat(resultOf(first)).isEqualTo("1");
        assertThat(resultOf(pool.beginIn("s", "echo"))).isEqualTo("{}");
    }

    @Test
    void a_future_that_is_cancelled_while_it_waits_never_reaches_a_worker() {
        pool = SteppedPool.started(1);
        FakeCall running = pool.hold();
        CompletableFuture<Payload> waiting = pool.beginAsync("hold", CallOptions.DEFAULT);
        awaitWaiting(1);

        waiting.cancel(true);
        running.result("1");

        await("nobody in queue", () -> pool.view().waiting() == 0 && pool.view().busy() == 0);
        assertThat(resultOf(pool.begin("echo"))).isEqualTo("{}");
        assertThat(pool.held()).hasSize(1);
        await("its end", () -> pool.view().totals().cancelled() == 1);
    }

    @Test
    void whoever_waits_for_a_worker_is_listed_and_leaves_at_once_when_an_operator_cancels() {
        pool = SteppedPool.started(1);
        FakeCall held = pool.hold();
        CompletableFuture<String> waiting = pool.begin("echo");
        CompletableFuture<Payload> async = pool.beginAsync("echo", CallOptions.DEFAULT);
        await("both in the queue", () -> pool.view().waiting() == 2);
        await("both listed", () -> listed(CallView.WAITING).size() == 2);
        assertThat(listed(CallView.RUNNING)).hasSize(1);

        listed(CallView.WAITING).forEach(call -> pool.control().cancel(call.id(), new Actor("ada", "rest")));

        assertThat(failureOf(waiting)).hasMessageContaining("cancelled by operator ada before it began");
        assertThat(failureOf(async).type()).isEqualTo("Cancelled");
        assertThat(pool.view().waiting()).isZero();
        assertThat(listed(CallView.WAITING)).isEmpty();
        held.result("0");
    }

    @Test
    void a_stage_that_is_cancelled_while_it_waits_for_a_worker_leaves_its_place_at_once() {
        pool = SteppedPool.started(1);
        FakeCall held = pool.hold();
        CompletableFuture<Payload> async = pool.beginAsync("echo", CallOptions.DEFAULT);
        await("in the queue", () -> pool.view().waiting() == 1);

        async.cancel(true);

        await("its place is free", () -> pool.view().waiting() == 0);
        held.result("0");
    }

    @Test
    void whoever_waits_for_a_turn_or_a_permit_is_listed_and_leaves_at_once() {
        pool = SteppedPool.started(3, Map.of(PoolParameter.PER_KEY_LIMIT, 1L));
        CompletableFuture<String> running =
                pool.begin("hold", "{}", new CallOptions(null, 0, "k", null, null, CallContext.NONE.withSession("s")));
        pool.held(0);
        CompletableFuture<String> forTurn =
                pool.begin("echo", "{}", new CallOptions(null, 0, null, null, null, CallContext.NONE.withSession("s")));
        CompletableFuture<String> forPermit = pool.begin("echo", "{}", CallOptions.DEFAULT.withKey("k"));
        await("both listed", () -> listed(CallView.WAITING).size() == 2);

        listed(CallView.WAITING).forEach(call -> pool.control().cancel(call.id(), new Actor("ada", "rest")));

        assertThat(failureOf(forTurn).type()).isEqualTo("Cancelled");
        assertThat(failureOf(forPermit).type()).isEqualTo("Cancelled");
        assertThat(listed(CallView.WAITING)).isEmpty();
        pool.held(0).result("0");
        assertThat(resultOf(running)).isEqualTo("0");
    }

    @Test
    void whoever_waits_for_a_turn_counts_for_the_queue_and_shows_as_waiting() {
        pool = SteppedPool.started(2, Map.of(PoolParameter.QUEUE_LIMIT, 1L));
        CompletableFuture<String> first = pool.beginIn("s", "hold");
        pool.held(0);
        CompletableFuture<String> second = pool.beginIn("s", "echo");
        awaitWaiting(1);
        pool.pass(Duration.ofMillis(300));
        assertThat(pool.view().oldestWaitMillis()).isEqualTo(300);

        PythonException refused = failureOf(pool.beginIn("s", "echo"));

        assertThat(refused.type()).isEqualTo("QueueFull");
        assertThat(refused).hasMessage("the queue of pool 'default' is full: 1 calls wait, QueueLimit is 1");
        assertThat(pool.view().totals().rejected()).isEqualTo(1);
        FakeCall other = pool.hold();
        assertThat(failureOf(pool.begin("echo")).type())
                .as("the turn's place is not free for who waits for a worker")
                .isEqualTo("QueueFull");
        pool.held(0).result("1");
        resultOf(first);
        assertThat(resultOf(second)).isEqualTo("{}");
        other.result("2");
    }

    @Test
    void a_turn_in_a_session_comes_in_order_and_the_priority_counts_where_the_call_waits_next() {
        pool = SteppedPool.started(1);
        FakeCall running = pool.hold();
        CompletableFuture<String> first = pool.begin("hold", "[1]", in("s", 0));
        awaitWaiting(1);
        CompletableFuture<String> urgent = pool.begin("hold", "[2]", in("s", 9));
        awaitWaiting(2);
        CompletableFuture<String> other = pool.begin("hold", "[3]", in("t", 5));
        awaitWaiting(3);

        running.result("0");
        for (int i = 1; i <= 3; i++) {
            pool.held(i).result("0");
        }

        assertThat(pool.held().map(FakeCall::inputs)).containsExactly("{}", "[3]", "[1]", "[2]");
        List.of(first, urgent, other).forEach(SteppedPool::resultOf);
    }

    private static CallOptions in(String session, int priority) {
        return new CallOptions(null, priority, CallContext.NONE.withSession(session));
    }

    @Test
    void a_full_budget_of_session_state_refuses_new_sessions_before_they_run_and_no_checkpoint_is_lost() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.SESSION_BUDGET_MEGABYTES, 1L));
        CompletableFuture<String> first = pool.beginIn("s", "hold");
        pool.held(0).result("1", "x".repeat(1 << 20));
        resultOf(first);

        PythonException refused = failureOf(pool.beginIn("t", "hold"));

        assertThat(refused.type()).isEqualTo("SessionBudgetExhausted");
        assertThat(refused.category()).isEqualTo(ErrorCategory.SESSION_ERROR);
        assertThat(refused)
                .hasMessageStartingWith(
                        "cannot create session 't' in pool 'default': the states of 1 sessions use 1048576 bytes, and SessionBudgetMegabytes allows 1048576; the program was not run. Try again");
        CompletableFuture<String> second = pool.beginIn("s", "hold");
        pool.held(1).result("2", "y".repeat(3 << 20));
        resultOf(second);
        CompletableFuture<String> third = pool.beginIn("s", "hold");
        assertThat(pool.held(2).state()).hasSize(3 << 20).startsWith("y");
        pool.held(2).result("3");
        resultOf(third);
        assertThat(pool.held()).hasSize(3);
        assertThat(pool.control().sessionTotals().refused()).isEqualTo(1);
        assertThat(resultOf(pool.begin("echo"))).as("calls without session").isEqualTo("{}");
        pool.pass(Duration.ofSeconds(1));
        await(
                "the event",
                () -> pool.events(SessionsRefused.class)
                        .contains(new SessionsRefused("default", 1, 1, 3 << 20, 1 << 20)));

        pool.configure(Map.of("SessionBudgetMegabytes", 4));
        assertThat(resultOf(pool.beginIn("t", "echo"))).isEqualTo("{}");
    }

    @Test
    void new_sessions_that_waited_for_a_worker_together_do_not_pass_the_budget_one_after_the_other() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.SESSION_BUDGET_MEGABYTES, 1L));
        FakeCall running = pool.hold();
        CompletableFuture<String> first = pool.beginIn("a", "hold");
        awaitWaiting(1);
        CompletableFuture<String> second = pool.beginIn("b", "hold");
        awaitWaiting(2);
        CompletableFuture<Payload> third = pool.beginAsync("hold", in("c", 0));
        awaitWaiting(3);

        running.result("0");
        pool.held(1).result("1", "x".repeat(1 << 20));

        assertThat(resultOf(first)).isEqualTo("1");
        assertThat(failureOf(second).type()).isEqualTo("SessionBudgetExhausted");
        assertThat(failureOf(third).type()).isEqualTo("SessionBudgetExhausted");
        assertThat(pool.held()).hasSize(2);
        assertThat(resultOf(pool.begin("echo"))).as("the worker is free").isEqualTo("{}");
    }

    @Test
    void whatever_ends_an_asynchronous_call_its_stages_run_on_the_executor_of_the_service() {
        pool = SteppedPool.started(1, Map.of(PoolParameter.CHECKOUT_TIMEOUT, 1_000L, PoolParameter.PER_KEY_LIMIT, 1L));
        CallOptions all = new CallOptions(null, 0, "k", null, null, CallContext.NONE.withSession("s"));
        CompletableFuture<String> running = pool.begin("hold", "{}", all);
        pool.held(0);
        List<CompletableFuture<String>> late = List.of(
                threadOf(in("s", 0)), threadOf(CallOptions.DEFAULT.withKey("k")), threadOf(CallOptions.DEFAULT));
        awaitWaiting(3);
        pool.pass(Duration.ofSeconds(1)); // the timer ends the waits

        List<CompletableFuture<String>> cancelled = List.of(
                threadOf(in("s", 0)), threadOf(CallOptions.DEFAULT.withKey("k")), threadOf(CallOptions.DEFAULT));
        awaitWaiting(3);
        await("all listed", () -> listed(CallView.WAITING).size() == 3);
        listed(CallView.WAITING).forEach(call -> pool.control().cancel(call.id(), new Actor("ada", "rest")));

        List<CompletableFuture<String>> served = List.of(
                threadOf(in("s", 0)), threadOf(CallOptions.DEFAULT.withKey("k")), threadOf(CallOptions.DEFAULT));
        awaitWaiting(3);
        pool.held(0).result("0"); // this caller hands over turn, permit and worker
        resultOf(running);

        Stream.of(late, cancelled, served)
                .flatMap(List::stream)
                .forEach(stage -> assertThat(resultOf(stage)).isEqualTo(SteppedPool.EXECUTOR));
    }

    /** Makes a call, and returns the name of the thread on which a stage after it runs. */
    private CompletableFuture<String> threadOf(CallOptions options) {
        return pool.beginAsync("echo", options)
                .handle((result, failure) -> Thread.currentThread().getName());
    }

    @Test
    void pages_of_calls_show_each_call_once_though_it_gets_a_worker_meanwhile() {
        pool = SteppedPool.started(1);
        FakeCall running = pool.hold();
        for (int i = 1; i <= 3; i++) {
            pool.pass(SteppedPool.TICK);
            CompletableFuture<String> unused = pool.begin("hold", "{}", CallOptions.DEFAULT.withKey("call " + i));
            awaitWaiting(i);
        }
        Page<CallView> first = pool.control().calls(new PageRequest(null, 2));
        assertThat(first.items()).extracting(CallView::key).containsExactly(null, "call 1");

        running.result("0");
        pool.held(1);
        Page<CallView> second = pool.control().calls(new PageRequest(first.next(), 2));

        assertThat(second.items()).extracting(CallView::key).containsExactly("call 2", "call 3");
        assertThat(second.next()).isNull();
        assertThatThrownBy(() -> pool.control().calls(new PageRequest("x", 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("after must be the value of next of an earlier page, was the text \"x\"");
    }

    private List<CallView> listed(String state) {
        return pool.control().calls(PageRequest.FIRST).items().stream()
                .filter(call -> call.state().equals(state))
                .toList();
    }
}
