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
    private final SessionTable table = new SessionTable(ticker, () -> 2);

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
                .isInstanceOf(TooManySessionsException.class)
                .hasMessage("there are 2 sessions, as many as SessionLimit allows");
        table.enter("a").close();
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
        } catch (TooManySessionsException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
