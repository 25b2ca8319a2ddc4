package org.vivarium.core.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.session.Turn;
import org.vivarium.testing.ManualTicker;
import org.vivarium.testing.Turns;

class BulkheadsTest {
    private final ManualTicker ticker = new ManualTicker();
    private Bulkheads.Limits limits = new Bulkheads.Limits(1, 2);
    private int queueLimit = 1_000;
    private final Bulkheads bulkheads = new Bulkheads(() -> limits, () -> queueLimit, ticker);

    @Test
    void without_limits_no_call_needs_a_permit_and_without_a_key_only_the_limit_of_all_counts() throws Exception {
        limits = new Bulkheads.Limits(0, 0);
        assertThat(bulkheads.enter("a", 0)).isNull();
        limits = new Bulkheads.Limits(1, 0);
        assertThat(bulkheads.enter(null, 0)).isNull();
        assertThat(bulkheads.enter("a", 0)).isNotNull();
        limits = new Bulkheads.Limits(1, 2);
        assertThat(enter(null).begun()).isDone();
        assertThat(enter(null).begun()).isNotDone();
    }

    @Test
    void a_key_at_its_limit_waits_and_others_do_not() throws Exception {
        Turn first = enter("a");
        Turn second = enter("a");
        Turn other = enter("b");

        assertThat(List.of(first, second, other))
                .extracting(turn -> turn.begun().isDone())
                .containsExactly(true, false, true);
        assertThat(bulkheads.waiting()).isEqualTo(1);
        assertThat(bulkheads.inWords("a"))
                .isEqualTo("1 calls with key 'a' run (PerKeyLimit is 1), 2 in all (GlobalLimit is 2)");

        first.close();
        first.close();
        assertThat(second.begun()).isDone();
        assertThat(bulkheads.waiting()).isZero();
    }

    @Test
    void a_busy_key_is_given_at_most_one_permit_while_another_waits() throws Exception {
        limits = new Bulkheads.Limits(0, 1);
        List<String> order = new ArrayList<>();
        Turn running = enter("busy");
        for (int i = 0; i < 20; i++) {
            follow("busy", order);
        }
        follow("other", order);

        running.close();

        assertThat(order.subList(0, 3)).containsExactly("busy", "other", "busy");
        assertThat(order).hasSize(21);
    }

    /** Notes when the turn comes, and ends it at once. */
    private void follow(String key, List<String> order) throws NoSlotException {
        Turn turn = enter(key);
        var unused = turn.begun().thenRun(() -> {
            order.add(key);
            turn.close();
        });
    }

    @Test
    void within_a_key_higher_priorities_go_first_and_equals_by_arrival() throws Exception {
        Turn running = enter("a");
        Turn low = bulkheads.enter("a", -1);
        Turn first = bulkheads.enter("a", 0);
        Turn urgent = bulkheads.enter("a", 5);

        running.close();
        assertThat(urgent.begun()).isDone();
        urgent.close();
        assertThat(first.begun()).isDone();
        assertThat(low.begun()).isNotDone();
    }

    @Test
    void among_keys_the_higher_priority_goes_first_and_equals_by_arrival() throws Exception {
        limits = new Bulkheads.Limits(0, 1);
        Turn running = enter("a");
        Turn first = bulkheads.enter("b", 0);
        Turn second = bulkheads.enter("c", 0);
        Turn urgent = bulkheads.enter("d", 5);
        Turn low = bulkheads.enter("e", -1);

        for (Turn next : List.of(running, urgent, first, second)) {
            assertThat(next.begun()).isDone();
            next.close();
        }
        assertThat(low.begun()).isDone();
    }

    @Test
    void a_key_passes_another_that_waits_by_priority_once_only_though_it_goes_and_comes_again() throws Exception {
        limits = new Bulkheads.Limits(0, 1);
        Turn running = enter("a");
        Turn patient = bulkheads.enter("b", 0);
        Turn urgent = bulkheads.enter("c", 5);
        running.close();
        assertThat(urgent.begun()).isDone();
        Turn urgentToo = bulkheads.enter("d", 5);

        urgent.close();
        Turn again = bulkheads.enter("c", 5);

        assertThat(urgentToo.begun()).as("another key, which has had none").isDone();
        urgentToo.close();
        assertThat(patient.begun()).isDone();
        assertThat(again.begun()).isNotDone();
        patient.close();
        assertThat(again.begun()).isDone();
        again.close();
        assertThat(bulkheads.keys()).as("keys that are remembered").isZero();
    }

    @Test
    void who_gives_up_is_passed_over_and_loses_no_permit() throws Exception {
        Turn running = enter("a");
        Turn impatient = enter("a");
        Turn patient = enter("a");
        assertThat(Turns.await(impatient, 1)).isFalse();

        running.close(); // grants it to who has given up but not yet left
        impatient.close();

        assertThat(patient.begun()).isDone();
        patient.close();
        assertThat(enter("a").begun()).isDone();
        assertThat(bulkheads.waiting()).isZero();
    }

    @Test
    void changed_limits_are_felt_by_those_who_wait() throws Exception {
        Turn first = enter("a");
        Turn second = enter("a");
        Turn third = enter("a");
        limits = new Bulkheads.Limits(2, 2);
        bulkheads.recheck();
        assertThat(second.begun()).isDone();
        assertThat(third.begun()).isNotDone();

        limits = new Bulkheads.Limits(1, 2);
        first.close();
        assertThat(third.begun()).as("one still runs").isNotDone();

        limits = new Bulkheads.Limits(0, 0);
        bulkheads.recheck();
        assertThat(third.begun()).isDone();
    }

    @Test
    void too_many_who_wait_are_refused() throws Exception {
        queueLimit = 1;
        enter("a");
        Turn waits = enter("a");

        assertThatThrownBy(() -> bulkheads.enter("a", 9))
                .isInstanceOfSatisfying(
                        NoSlotException.class,
                        e -> assertThat(e.reason()).isEqualTo(NoSlotException.Reason.QUEUE_FULL));

        assertThat(enter("b").begun()).as("who need not wait").isDone();
        waits.close();
        assertThat(enter("a").begun()).isNotDone();
    }

    @Test
    void the_oldest_wait_is_that_of_who_came_first() throws Exception {
        enter("a");
        enter("a");
        ticker.advance(Duration.ofMillis(30));
        bulkheads.enter("a", 9);
        ticker.advance(Duration.ofMillis(12));

        assertThat(bulkheads.oldestWaitNanos()).isEqualTo(Duration.ofMillis(42).toNanos());
    }

    /**
     * Random arrivals, ends and departures: never more than the limits allow, never a permit unused that somebody could
     * use, never two grants to one key while another that may run waits, and nothing left in the end.
     */
    @Property(tries = 300)
    void limits_hold_no_permit_is_lost_and_no_key_waits_for_two_calls_of_another(
            @ForAll long seed,
            @ForAll @IntRange(max = 3) int perKey,
            @ForAll @IntRange(max = 4) int global,
            @ForAll @IntRange(min = 1, max = 4) int priorities)
            throws Exception {
        limits = new Bulkheads.Limits(perKey, global);
        Random random = new Random(seed);
        List<String> keys = List.of("a", "b", "c", "d");
        List<Asked> all = new ArrayList<>();
        for (int step = 0; step < 200; step++) {
            List<Asked> waitedBefore = all.stream().filter(Asked::waits).toList();
            boolean comes = all.isEmpty() || random.nextInt(5) < 3;
            if (comes) {
                String key = keys.get(random.nextInt(4));
                Turn turn = bulkheads.enter(key, random.nextInt(priorities));
                if (turn != null) {
                    all.add(new Asked(key, turn));
                }
            } else {
                all.remove(random.nextInt(all.size())).turn().close();
            }
            waitedBefore.stream().filter(Asked::began).forEach(asked -> passed(asked, all));
            assertThat(mayRunMore(all, perKey, global)).isFalse();
        }
        all.forEach(asked -> asked.turn().close());
        assertThat(bulkheads.waiting()).isZero();
        assertThat(bulkheads.inWords("a")).startsWith("0 calls").contains(", 0 in all");
        assertThat(bulkheads.keys()).isZero();
    }

    /** Counts a grant against all of other keys that wait and may run. */
    private void passed(Asked granted, List<Asked> all) {
        Map<String, Integer> running = running(all);
        all.stream()
                .filter(asked -> asked.waits() && !asked.key().equals(granted.key()))
                .filter(asked -> limits.perKey() == 0 || running.getOrDefault(asked.key(), 0) < limits.perKey())
                .forEach(asked -> assertThat(asked.overtaken().merge(granted.key(), 1, Integer::sum))
                        .as("calls of %s that began while %s waited", granted.key(), asked.key())
                        .isLessThanOrEqualTo(1));
        all.stream()
                .filter(asked -> asked.key().equals(granted.key()))
                .forEach(asked -> asked.overtaken().clear()); // a call of its own key has begun: the count starts again
    }

    private boolean mayRunMore(List<Asked> all, int perKey, int global) {
        Map<String, Integer> running = running(all);
        int sum = running.values().stream().mapToInt(Integer::intValue).sum();
        assertThat(global == 0 || sum <= global).isTrue();
        assertThat(running.values()).allMatch(each -> perKey == 0 || each <= perKey);
        return (global == 0 || sum < global)
                && all.stream()
                        .anyMatch(asked ->
                                asked.waits() && (perKey == 0 || running.getOrDefault(asked.key(), 0) < perKey));
    }

    private static Map<String, Integer> running(List<Asked> all) {
        Map<String, Integer> running = new HashMap<>();
        all.stream().filter(asked -> !asked.waits()).forEach(asked -> running.merge(asked.key(), 1, Integer::sum));
        return running;
    }

    @Test
    void many_threads_never_pass_the_limits_and_leave_nothing_behind() throws Exception {
        limits = new Bulkheads.Limits(2, 3);
        Map<String, AtomicInteger> running = new ConcurrentHashMap<>();
        AtomicInteger sum = new AtomicInteger();
        AtomicInteger broken = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            threads.add(new Thread(() -> {
                for (int call = 0; call < 3_000; call++) {
                    String key = "k" + ThreadLocalRandom.current().nextInt(3);
                    long patience = ThreadLocalRandom.current().nextBoolean() ? 5_000 : TimeUnit.SECONDS.toNanos(20);
                    try (Turn turn = enter(key)) {
                        if (Turns.await(turn, patience)) {
                            served.incrementAndGet();
                            AtomicInteger own = running.computeIfAbsent(key, name -> new AtomicInteger());
                            if (own.incrementAndGet() > 2 || sum.incrementAndGet() > 3) {
                                broken.incrementAndGet();
                            }
                            Thread.onSpinWait();
                            sum.decrementAndGet();
                            own.decrementAndGet();
                        }
                    } catch (NoSlotException | InterruptedException e) {
                        broken.incrementAndGet();
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }

        assertThat(broken).hasValue(0);
        assertThat(served).hasPositiveValue();
        assertThat(bulkheads.waiting()).isZero();
        assertThat(bulkheads.inWords(null)).isEqualTo("0 in all (GlobalLimit is 3)");
    }

    private Turn enter(@Nullable String key) throws NoSlotException {
        Turn turn = bulkheads.enter(key, 0);
        assertThat(turn).isNotNull();
        return turn;
    }

    /** A call with how many of each other key have begun since it, or one of its key, could have. */
    private record Asked(String key, Turn turn, Map<String, Integer> overtaken) {
        Asked(String key, Turn turn) {
            this(key, turn, new HashMap<>());
        }

        boolean began() {
            return !waits() && !turn.begun().isCompletedExceptionally();
        }

        boolean waits() {
            return !turn.begun().isDone();
        }
    }
}
