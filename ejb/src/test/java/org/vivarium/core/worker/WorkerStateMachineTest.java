package org.vivarium.core.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.vivarium.api.WorkerState.BUSY;
import static org.vivarium.api.WorkerState.DRAINING;
import static org.vivarium.api.WorkerState.INITIALIZING;
import static org.vivarium.api.WorkerState.READY;
import static org.vivarium.api.WorkerState.TERMINATED;
import static org.vivarium.api.WorkerState.TERMINATING;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.vivarium.api.WorkerId;
import org.vivarium.api.WorkerState;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.ManualTicker;

class WorkerStateMachineTest {

    /** The whole contract in one snapshot: row = from, column = to. */
    private static final String EDGES = """
            .            INITIALIZING READY BUSY DEGRADED DRAINING TERMINATING TERMINATED
            INITIALIZING -            x     -    -        -        x           x
            READY        -            -     x    x        x        x           -
            BUSY         -            x     -    x        x        x           -
            DEGRADED     -            x     -    -        x        x           -
            DRAINING     -            -     -    -        -        x           -
            TERMINATING  -            -     -    -        -        -           x
            TERMINATED   -            -     -    -        -        -           -
            """;

    private static final int HISTORY = 20;

    private final ManualTicker ticker = new ManualTicker();
    private final List<Transition> heard = Collections.synchronizedList(new ArrayList<>());
    private final WorkerStateMachine machine = machineHeardBy(heard::add);

    @ParameterizedTest
    @EnumSource
    void allows_exactly_the_edges_in_the_snapshot(WorkerState from) {
        for (WorkerState to : WorkerState.values()) {
            assertThat(from.canBecome(to)).as("%s -> %s", from, to).isEqualTo(isDrawn(from, to));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_move_along_no_edge_names_both_states_and_changes_nothing(WorkerState from) {
        for (WorkerState to : WorkerState.values()) {
            if (!isDrawn(from, to)) {
                assertThatThrownBy(() -> machine.tryMove(from, to, TransitionReason.CHECKED_OUT, ""))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessage("worker test-1 cannot go " + from + " -> " + to);
            }
        }
        assertThat(machine.state()).isEqualTo(INITIALIZING);
        assertThat(heard).isEmpty();
    }

    @Test
    void records_each_move_with_reason_and_the_time_spent_in_the_state_before() {
        machine.becomeReady();
        ticker.advance(Duration.ofSeconds(3));
        machine.tryCheckOut();

        assertThat(heard.get(1))
                .isEqualTo(new Transition(
                        new WorkerId("test", 1),
                        READY,
                        BUSY,
                        TransitionReason.CHECKED_OUT,
                        Duration.ofSeconds(3).toNanos(),
                        Instant.EPOCH,
                        ""));
        assertThat(machine.history()).isEqualTo(heard);
    }

    @Test
    void a_worker_with_several_slots_is_busy_until_the_last_call_has_gone() {
        machine.becomeReady();
        machine.tryCheckOut();
        machine.tryCheckOut();

        assertThat(machine.checkIn()).isTrue();
        assertThat(machine.state()).isEqualTo(BUSY);
        assertThat(machine.checkIn()).isTrue();
        assertThat(machine.state()).isEqualTo(READY);
        assertThat(machine.busySlots()).isZero();
    }

    @Test
    void only_an_idle_worker_is_degraded() {
        machine.becomeReady();
        machine.tryCheckOut();
        assertThat(machine.degrade("")).isFalse();
        assertThat(machine.state()).isEqualTo(BUSY);

        machine.checkIn();
        assertThat(machine.degrade("")).isTrue();
        assertThat(machine.tryCheckOut()).isFalse();
        assertThat(machine.recover()).isTrue();
        assertThat(machine.tryCheckOut()).isTrue();
    }

    @Test
    void a_worker_with_other_calls_is_not_ended_for_one_of_them() {
        machine.becomeReady();
        machine.tryCheckOut();
        machine.tryCheckOut();
        assertThat(machine.beginTerminationIfAlone(TransitionReason.WORK_LEFT_BEHIND, ""))
                .isFalse();
        assertThat(machine.state()).isEqualTo(BUSY);

        machine.checkIn();
        assertThat(machine.beginTerminationIfAlone(TransitionReason.WORK_LEFT_BEHIND, ""))
                .isTrue();
        assertThat(machine.terminationReason()).isEqualTo(TransitionReason.WORK_LEFT_BEHIND);
        assertThat(machine.beginTerminationIfAlone(TransitionReason.WORK_LEFT_BEHIND, ""))
                .isFalse();
    }

    @Test
    void a_check_in_that_lost_against_termination_is_refused_quietly() {
        machine.becomeReady();
        machine.tryCheckOut();
        machine.beginTermination(TransitionReason.POOL_CLOSED, "");

        assertThat(machine.checkIn()).isFalse();
        assertThat(machine.state()).isEqualTo(TERMINATING);
        assertThat(machine.tryCheckOut()).isFalse();
    }

    @Test
    void an_unexpected_end_passes_through_terminating() {
        machine.becomeReady();
        assertThat(machine.end("was killed by signal 9")).isTrue();

        assertThat(machine.state()).isEqualTo(TERMINATED);
        assertThat(machine.terminationReason()).isEqualTo(TransitionReason.PROCESS_EXITED);
        assertThat(machine.end("again")).isFalse();
    }

    @Test
    void of_two_racing_moves_only_one_wins() {
        for (int round = 0; round < 2_000; round++) {
            WorkerStateMachine raced = machineHeardBy(transition -> {});
            raced.becomeReady();
            long winners = IntStream.range(0, 4)
                    .parallel()
                    .filter(i -> i % 2 == 0
                            ? raced.tryMove(READY, DRAINING, TransitionReason.RECYCLED, "")
                            : raced.tryMove(READY, TERMINATING, TransitionReason.POOL_CLOSED, ""))
                    .count();
            assertThat(winners).isEqualTo(1);
        }
    }

    @Property(tries = 500)
    void whatever_is_asked_of_it_it_only_ever_moves_along_drawn_edges(@ForAll List<Move> moves) {
        List<Transition> seen = new ArrayList<>();
        WorkerStateMachine asked = machineHeardBy(seen::add);
        moves.forEach(move -> move.on(asked));

        WorkerState state = INITIALIZING;
        for (Transition transition : seen) {
            assertThat(transition.from()).isEqualTo(state);
            assertThat(isDrawn(transition.from(), transition.to())).isTrue();
            state = transition.to();
        }
        assertThat(asked.state()).isEqualTo(state);
    }

    @Property(tries = 200)
    void the_times_in_all_states_are_the_age_of_the_worker_and_each_stay_counts_once(@ForAll List<Move> moves) {
        ManualTicker time = new ManualTicker();
        List<Transition> seen = new ArrayList<>();
        WorkerStateMachine asked =
                new WorkerStateMachine(new WorkerId("test", 1), time, () -> Instant.EPOCH, HISTORY, seen::add);
        long alive = 0;
        for (Move move : moves) {
            Duration passed = Duration.ofMillis(move.name().length());
            time.advance(passed);
            alive += asked.state() == TERMINATED ? 0 : passed.toNanos();
            move.on(asked);
        }

        StateTimes times = asked.times();
        assertThat(Arrays.stream(WorkerState.values()).mapToLong(times::nanos).sum())
                .isEqualTo(alive);
        for (WorkerState state : WorkerState.values()) {
            assertThat(times.stays(state))
                    .isEqualTo(
                            seen.stream().filter(moved -> moved.from() == state).count());
        }
    }

    @Test
    void time_in_a_state_counts_while_the_stay_goes_on() {
        machine.becomeReady();
        ticker.advance(Duration.ofMillis(30));
        machine.tryCheckOut();
        ticker.advance(Duration.ofMillis(7));

        assertThat(machine.times().nanos(READY)).isEqualTo(30_000_000);
        assertThat(machine.times().stays(READY)).isEqualTo(1);
        assertThat(machine.times().nanos(BUSY)).isEqualTo(7_000_000);
        assertThat(machine.times().stays(BUSY)).isZero();
        StateTimes twice = machine.times().plus(machine.times());
        assertThat(twice.nanos(BUSY)).isEqualTo(14_000_000);
    }

    @Test
    void calls_that_come_and_go_do_not_push_the_rest_out_of_the_history() {
        machine.becomeReady();
        for (int call = 0; call < 1_000; call++) {
            machine.tryCheckOut();
            machine.checkIn();
        }

        assertThat(machine.history()).hasSize(1 + HISTORY);
        assertThat(machine.history()).extracting(Transition::reason).contains(TransitionReason.HANDSHAKE_OK);
    }

    @Test
    void a_failing_listener_is_logged_and_does_not_stop_the_move() {
        WorkerStateMachine noisy = machineHeardBy(transition -> {
            throw new IllegalStateException("boom");
        });

        try (CapturedLog log = new CapturedLog(WorkerStateMachine.class)) {
            assertThat(noisy.becomeReady()).isTrue();
            assertThat(log.messages()).singleElement().asString().startsWith("WARN a listener failed on Transition");
        }
        assertThat(noisy.state()).isEqualTo(READY);
    }

    private WorkerStateMachine machineHeardBy(TransitionListener listener) {
        return new WorkerStateMachine(new WorkerId("test", 1), ticker, () -> Instant.EPOCH, HISTORY, listener);
    }

    private static boolean isDrawn(WorkerState from, WorkerState to) {
        List<List<String>> rows =
                EDGES.lines().map(line -> List.of(line.split(" +"))).toList();
        int column = rows.get(0).indexOf(to.name());
        return rows.stream()
                .filter(cells -> cells.get(0).equals(from.name()))
                .findFirst()
                .orElseThrow()
                .get(column)
                .equals("x");
    }

    enum Move {
        BECOME_READY,
        CHECK_OUT,
        CHECK_IN,
        DEGRADE,
        RECOVER,
        DRAIN,
        TERMINATE,
        END;

        void on(WorkerStateMachine machine) {
            boolean unused = switch (this) {
                case BECOME_READY -> machine.becomeReady();
                case CHECK_OUT -> machine.tryCheckOut();
                case CHECK_IN -> machine.busySlots() > 0 && machine.checkIn();
                case DEGRADE -> machine.degrade("");
                case RECOVER -> machine.recover();
                case DRAIN -> machine.drain(TransitionReason.RECYCLED);
                case TERMINATE -> machine.beginTermination(TransitionReason.POOL_CLOSED, "");
                case END -> machine.end("");
            };
        }
    }
}
