package org.vivarium.core.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.vivarium.testing.ManualTicker;
import org.vivarium.testing.Turns;

class SessionTableTest {
    private final ManualTicker ticker = new ManualTicker();
    private final FakeLimits limits = new FakeLimits();
    private final SessionTable table = new SessionTable(ticker, limits);

    @Test
    void a_session_is_there_from_its_first_call_on_and_keeps_what_was_left() throws Exception {
        try (SessionTurn turn = table.enter("a")) {
            turn.session().checkpoint(new byte[] {1});
        }
        try (SessionTurn turn = table.enter("a")) {
            assertThat(turn.session().state()).containsExactly(1);
            turn.session().checkpoint(null);
            assertThat(turn.session().state()).containsExactly(1);
        }
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void calls_of_a_session_take_turns_in_order_and_other_sessions_do_not_wait() throws Exception {
        Turn first = table.enter("a");
        Turn second = table.enter("a");
        Turn third = table.enter("a");
        Turn other = table.enter("b");

        assertThat(List.of(first, second, third, other))
                .extracting(turn -> turn.begun().isDone())
                .containsExactly(true, false, false, true);
        first.close();
        assertThat(List.of(second, third))
                .extracting(turn -> turn.begun().isDone())
                .containsExactly(true, false);
        first.close();
        assertThat(third.begun()).as("a turn ends once").isNotDone();
        second.close();
        assertThat(third.begun()).isDone();
    }

    @Test
    void who_waits_no_more_is_passed_over() throws Exception {
        Turn first = table.enter("a");
        Turn late = table.enter("a");
        Turn third = table.enter("a");

        assertThat(Turns.await(late, 1)).isFalse();
        late.close();
        Turn expired = table.enter("a");
        expired.begun()
                .orTimeout(1, TimeUnit.NANOSECONDS)
                .exceptionally(e -> {
                    assertThat(e).isInstanceOf(TimeoutException.class);
                    return null;
                })
                .join();
        first.close();

        assertThat(third.hasCome()).isTrue();
        third.close();
        Turn next = table.enter("a");
        assertThat(next.hasCome()).isTrue();
    }

    @Test
    void only_sessions_that_nobody_uses_are_forgotten() throws Exception {
        table.enter("idle").close();
        Turn busy = table.enter("busy");
        ticker.advance(Duration.ofMinutes(5));
        assertThat(table.sweep(Duration.ofMinutes(5))).isZero();

        ticker.advance(Duration.ofNanos(1));

        assertThat(table.sweep(Duration.ofMinutes(5))).isEqualTo(1);
        assertThat(table.size()).isEqualTo(1);
        busy.close();
        assertThat(table.sweep(Duration.ofMinutes(5))).as("used until just now").isZero();
        ticker.advance(Duration.ofMinutes(5).plusNanos(1));
        assertThat(table.sweep(Duration.ofMinutes(5))).isEqualTo(1);
        assertThat(table.totals().expired()).isEqualTo(2);
    }

    @Test
    void one_session_too_many_is_refused_and_known_ones_go_on() throws Exception {
        table.enter("a").close();
        table.enter("b").close();

        assertThatThrownBy(() -> table.enter("c"))
                .isInstanceOf(SessionRefusedException.class)
                .hasMessage("there are 2 sessions, as many as SessionLimit allows");
        table.enter("a").close();
    }

    @Test
    void a_full_budget_refuses_new_sessions_and_existing_ones_keep_all_that_they_leave() throws Exception {
        limits.stateBytes = 10;
        leave("a", 10);

        assertThatThrownBy(() -> table.enter("b"))
                .isInstanceOfSatisfying(
                        SessionRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(SessionRefusedException.Reason.BUDGET_EXHAUSTED))
                .hasMessage("the states of 1 sessions use 10 bytes, and SessionBudgetMegabytes allows 10");
        leave("a", 12);

        assertThat(table.totals().stateBytes()).isEqualTo(12);
        assertThat(table.totals().budgetBytes()).isEqualTo(10);
        assertThat(table.totals().refused()).isEqualTo(1);
        limits.stateBytes = 13;
        leave("b", 1);
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void what_a_session_gives_up_is_there_for_others() throws Exception {
        limits.stateBytes = 10;
        leave("a", 10);
        table.forget("a");
        leave("b", 10);
        ticker.advance(Duration.ofHours(1));
        table.sweep(Duration.ofMinutes(5));

        leave("c", 10);
        leave("c", 0);

        assertThat(table.totals().stateBytes()).isZero();
        table.enter("d").close();
    }

    @Test
    void new_sessions_that_came_in_together_meet_the_budget_again_when_their_calls_are_to_run() throws Exception {
        limits.stateBytes = 10;
        SessionTurn first = table.enter("a");
        SessionTurn second = table.enter("b");
        assertThat(first.session().tryOpen()).isTrue();
        first.session().checkpoint(new byte[10]);

        assertThat(second.session().tryOpen()).isFalse();
        assertThat(first.session().tryOpen()).as("it runs already").isTrue();
        first.session().checkpoint(new byte[9]);
        assertThat(second.session().tryOpen()).isTrue();
    }

    @Test
    void too_many_calls_that_wait_for_their_turn_are_refused_and_leave_no_trace() throws Exception {
        limits.waiting = 1;
        SessionTurn running = table.enter("a");
        SessionTurn waits = table.enter("a");

        assertThatThrownBy(() -> table.enter("a"))
                .isInstanceOfSatisfying(
                        SessionRefusedException.class,
                        e -> assertThat(e.reason()).isEqualTo(SessionRefusedException.Reason.QUEUE_FULL));
        assertThat(table.waiting()).isEqualTo(1);

        running.close();
        assertThat(waits.hasCome()).isTrue();
        assertThat(table.waiting()).isZero();
        table.enter("b").close();
    }

    @Test
    void the_oldest_wait_is_that_of_who_came_first_to_any_session() throws Exception {
        table.enter("a");
        table.enter("a");
        ticker.advance(Duration.ofMillis(30));
        table.enter("b");
        table.enter("b");
        ticker.advance(Duration.ofMillis(12));

        assertThat(table.oldestWaitNanos()).isEqualTo(Duration.ofMillis(42).toNanos());
    }

    private void leave(String id, int bytes) throws SessionRefusedException {
        try (SessionTurn turn = table.enter(id)) {
            assertThat(turn.session().tryOpen()).isTrue();
            turn.session().checkpoint(new byte[bytes]);
        }
    }

    @Test
    void turns_never_overlap_whoever_comes_and_gives_up() throws Exception {
        int[] unguarded = new int[2];
        List<Thread> callers = new ArrayList<>();
        for (int caller = 0; caller < 8; caller++) {
            int patience = caller % 2 == 0 ? 1_000_000_000 : 2_000;
            callers.add(new Thread(() -> IntStream.range(0, 2_000).forEach(call -> count(unguarded, patience))));
        }
        callers.forEach(Thread::start);
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(unguarded[0]).isGreaterThanOrEqualTo(8_000);
        assertThat(table.enter("a").hasCome()).isTrue();
        assertThat(unguarded[1]).as("calls that were in their turn together").isZero();
    }

    private void count(int[] unguarded, long patienceNanos) {
        try (SessionTurn turn = table.enter("a")) {
            if (Turns.await(turn, patienceNanos)) {
                int seen = unguarded[0];
                Thread.onSpinWait();
                unguarded[0] = seen + 1;
                unguarded[1] += unguarded[0] - seen - 1;
            }
        } catch (SessionRefusedException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
