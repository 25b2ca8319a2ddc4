package org.vivarium.core.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.WorkerId;
import org.vivarium.api.WorkerState;
import org.vivarium.testing.ManualTicker;

/** All moves at once from many threads, thousands of times: each stage is left by exactly one of them. */
class TransitionRaceTest {
    private static final int THREADS = 8;
    private static final int ROUNDS = 5_000;

    /** Moves that change the state, whatever it was. {@code true} means that this very call has won. */
    private static final List<Predicate<WorkerStateMachine>> MOVES = List.of(
            WorkerStateMachine::becomeReady,
            WorkerStateMachine::tryCheckOut,
            machine -> machine.degrade("raced"),
            WorkerStateMachine::recover,
            machine -> machine.drain(TransitionReason.RECYCLED),
            machine -> machine.beginTermination(TransitionReason.HEARTBEAT_LOST, "raced"),
            machine -> machine.beginTermination(TransitionReason.CALL_DEADLINE_PASSED, "raced"),
            machine -> machine.end("raced"));

    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void whatever_races_the_changes_that_were_heard_form_one_unbroken_path_to_the_end() throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Round> rounds = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            rounds.add(new Round(i % 3 != 0));
        }
        runInAll(thread -> {
            for (int round = 0; round < ROUNDS; round++) {
                start.await(20, TimeUnit.SECONDS);
                rounds.get(round).play(MOVES.get((thread + round) % MOVES.size()));
            }
            return null;
        });

        rounds.forEach(Round::check);
    }

    @Test
    void of_many_threads_that_make_the_same_move_exactly_one_wins_it() throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        for (Predicate<WorkerStateMachine> move : List.<Predicate<WorkerStateMachine>>of(
                machine -> machine.degrade("raced"),
                machine -> machine.drain(TransitionReason.RECYCLED),
                machine -> machine.beginTermination(TransitionReason.CHANNEL_LOST, "raced"),
                machine -> machine.end("raced"))) {
            List<Round> rounds = new ArrayList<>();
            for (int i = 0; i < ROUNDS / 4; i++) {
                rounds.add(new Round(true));
            }
            runInAll(thread -> {
                for (Round round : rounds) {
                    start.await(20, TimeUnit.SECONDS);
                    round.play(move);
                }
                return null;
            });
            assertThat(rounds).allSatisfy(round -> assertThat(round.wins).hasValue(1));
            rounds.forEach(Round::check);
        }
    }

    @Test
    void calls_that_come_and_go_in_many_slots_never_lose_count_while_the_worker_is_degraded_and_recovers()
            throws Exception {
        WorkerStateMachine machine = new WorkerStateMachine(
                new WorkerId("raced", 1), new ManualTicker(), () -> Instant.EPOCH, 100, move -> {});
        machine.becomeReady();
        runInAll(thread -> {
            for (int round = 0; round < ROUNDS; round++) {
                if (thread == 0) {
                    boolean unused = machine.degrade("raced");
                    while (machine.busySlots() > 0) {
                        Thread.onSpinWait(); // as the life cycle does: it recovers a worker that has no call
                    }
                    unused = machine.recover();
                } else if (machine.tryCheckOut()) {
                    boolean unused = machine.checkIn();
                }
            }
            return null;
        });

        assertThat(machine.busySlots()).isZero();
        assertThat(machine.state()).isEqualTo(WorkerState.READY);
    }

    @Test
    void times_that_are_read_while_calls_come_and_go_are_never_more_than_the_age_of_the_worker() throws Exception {
        AtomicLong clock = new AtomicLong();
        WorkerStateMachine machine = new WorkerStateMachine(
                new WorkerId("raced", 1), clock::incrementAndGet, () -> Instant.EPOCH, 100, move -> {});
        machine.becomeReady();
        AtomicBoolean calling = new AtomicBoolean(true);
        runInAll(thread -> {
            if (thread == 0) {
                for (int round = 0; round < 20 * ROUNDS; round++) {
                    boolean unused = machine.tryCheckOut() && machine.checkIn();
                }
                calling.set(false);
            } else if (thread == 1) {
                while (calling.get()) {
                    StateTimes times = machine.times();
                    long all = Arrays.stream(WorkerState.values())
                            .mapToLong(times::nanos)
                            .sum();
                    assertThat(all).isLessThanOrEqualTo(clock.get());
                }
            }
            return null;
        });
    }

    private void runInAll(Racer racer) throws Exception {
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            tasks.add(() -> racer.race(thread));
        }
        for (Future<Void> done : threads.invokeAll(tasks, 60, TimeUnit.SECONDS)) {
            done.get();
        }
    }

    /** What one of the threads does. */
    private interface Racer {
        Void race(int thread) throws Exception;
    }

    /** One worker on which each thread makes one move. */
    private static final class Round {
        private final Queue<Transition> heard = new ConcurrentLinkedQueue<>();
        private final AtomicInteger wins = new AtomicInteger();
        private final WorkerStateMachine machine = new WorkerStateMachine(
                new WorkerId("raced", 1), new ManualTicker(), () -> Instant.EPOCH, 100, heard::add);

        Round(boolean ready) {
            if (ready) {
                machine.becomeReady();
                heard.clear();
            }
            from = machine.state();
        }

        private final WorkerState from;

        void play(Predicate<WorkerStateMachine> move) {
            if (move.test(machine)) {
                wins.incrementAndGet();
            }
        }

        /** Each state is visited at most once by these moves but READY, BUSY and DEGRADED: so the order is a path. */
        void check() {
            Map<WorkerState, Integer> balance = new EnumMap<>(WorkerState.class);
            for (Transition move : heard) {
                assertThat(move.from().canBecome(move.to())).as("%s", move).isTrue();
                balance.merge(move.from(), -1, Integer::sum);
                balance.merge(move.to(), 1, Integer::sum);
            }
            for (WorkerState state : WorkerState.values()) {
                int entered = state == machine.state() ? 1 : 0;
                int left = state == from ? 1 : 0;
                assertThat(balance.getOrDefault(state, 0))
                        .as("entered minus left %s in %s", state, heard)
                        .isEqualTo(entered - left);
            }
            assertThat(heard.stream().filter(move -> move.to() == WorkerState.TERMINATING))
                    .as("its end begins once")
                    .hasSizeLessThanOrEqualTo(1);
            assertThat(machine.history()).containsAll(heard);
        }
    }
}
