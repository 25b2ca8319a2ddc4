package org.vivarium.core.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vivarium.api.Actor;

class RacingChangesTest {
    private static final Actor ADA = new Actor("ada", "jmx");
    private static final int THREADS = 8;

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void every_listener_hears_all_changes_of_eight_threads_in_order_and_the_last_is_the_stores_value(
            @ForAll("plans") List<Integer> values) throws Exception {
        ParameterStore store = new ParameterStore("default", PoolSettings.DEFAULT);
        List<List<Long>> heard = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        heard.forEach(mine -> store.listen((before, after, actor) -> {
            mine.add(before.value(PoolParameter.QUEUE_LIMIT));
            mine.add(after.value(PoolParameter.QUEUE_LIMIT));
        }));

        race(values.size(), i -> store.change(Map.of("QueueLimit", values.get(i)), ADA));

        for (List<Long> mine : heard) {
            long last = PoolSettings.DEFAULT.value(PoolParameter.QUEUE_LIMIT);
            for (int i = 0; i < mine.size(); i += 2) {
                assertThat(mine.get(i))
                        .as("what was before change %d of %s", i / 2, mine)
                        .isEqualTo(last);
                last = mine.get(i + 1);
            }
            assertThat(last).isEqualTo(store.current().value(PoolParameter.QUEUE_LIMIT));
        }
    }

    @Property(tries = 30, shrinking = ShrinkingMode.OFF)
    void numbers_and_texts_of_the_service_that_change_together_are_never_seen_apart(
            @ForAll("plans") List<Integer> values) throws Exception {
        ServiceParameterStore store = new ServiceParameterStore();
        List<String> patterns = List.of("call", "pool");
        store.change(Map.of("Events", patterns.get(0), "LoginSessions", 2), ADA);
        store.listen((before, after, actor) -> assertThat(after.text(ServiceParameter.EVENTS))
                .isEqualTo(patterns.get(after.logins().sessions().most() % 2)));

        race(values.size(), i -> {
            store.change(Map.of("Events", patterns.get(values.get(i) % 2), "LoginSessions", values.get(i)), ADA);
            ServiceSettings seen = store.current();
            assertThat(seen.text(ServiceParameter.EVENTS))
                    .isEqualTo(patterns.get(seen.logins().sessions().most() % 2));
        });
    }

    @Property(tries = 60, shrinking = ShrinkingMode.OFF)
    void objectives_are_told_in_the_order_in_which_they_changed(@ForAll("plans") List<Integer> values)
            throws Exception {
        Objective prep = new Objective("prep", Map.of(ObjectiveTarget.DURATION, 500.0));
        ObjectiveStore store = new ObjectiveStore("default", List.of(prep));
        List<Double> heard = new ArrayList<>(List.of(500.0));
        store.listen((target, from, to, actor) -> {
            assertThat(from).isEqualTo(heard.get(heard.size() - 1));
            heard.add(to);
        });

        race(values.size(), i -> store.change(Map.of("prep.DurationMillis", values.get(i)), ADA));

        assertThat(heard.get(heard.size() - 1)).isEqualTo(requireNonNull(store.value("prep.DurationMillis")));
    }

    @Provide
    Arbitrary<List<Integer>> plans() {
        return Arbitraries.integers().between(1, 5_000).list().ofSize(THREADS * 40);
    }

    @Test
    @Timeout(60)
    void a_listener_may_change_a_parameter_itself_and_that_change_is_told_after_the_one_it_heard() {
        ParameterStore store = new ParameterStore("default", PoolSettings.DEFAULT);
        List<String> heard = new ArrayList<>();
        store.listen((before, after, actor) -> {
            if (after.integer(PoolParameter.START_BATCH) != 7) {
                store.change(Map.of("StartBatch", 7), actor);
            }
        });
        store.listen((before, after, actor) ->
                heard.add(after.value(PoolParameter.QUEUE_LIMIT) + " " + after.value(PoolParameter.START_BATCH)));

        long batch = PoolSettings.DEFAULT.value(PoolParameter.START_BATCH);
        store.change(Map.of("QueueLimit", 5), ADA);

        assertThat(heard).containsExactly("5 " + batch, "5 7");
    }

    @Test
    @Timeout(60)
    void while_a_listener_takes_long_others_can_read_and_change() throws Exception {
        ParameterStore store = new ParameterStore("default", PoolSettings.DEFAULT);
        CountDownLatch listening = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        store.listen((before, after, actor) -> {
            listening.countDown();
            await(done);
        });
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            Future<?> slow = other.submit(() -> store.change(Map.of("QueueLimit", 5), ADA));
            listening.await();

            store.change(
                    Map.of("QueueLimit", 6), ADA); // returns: whoever tells the first change tells this one as well
            assertThat(store.current().value(PoolParameter.QUEUE_LIMIT)).isEqualTo(6);

            done.countDown();
            slow.get();
        } finally {
            other.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Calls {@code step} for all numbers below {@code steps}, dealt out to eight threads that begin together. */
    private static void race(int steps, IntConsumer step) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        CyclicBarrier together = new CyclicBarrier(THREADS);
        try {
            List<Future<?>> racing = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                int mine = thread;
                racing.add(threads.submit(() -> {
                    together.await();
                    for (int i = mine; i < steps; i += THREADS) {
                        step.accept(i);
                    }
                    return null;
                }));
            }
            for (Future<?> each : racing) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
