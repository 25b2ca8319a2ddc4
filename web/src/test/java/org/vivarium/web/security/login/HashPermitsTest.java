package org.vivarium.web.security.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HashPermitsTest {
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch end = new CountDownLatch(1);

    @Test
    void the_answer_is_that_of_the_computation() {
        HashPermits permits = new HashPermits(1, () -> Duration.ofMinutes(1));

        assertThat(permits.compute(false, () -> true)).contains(true);
        assertThat(permits.compute(true, () -> false)).contains(false);
    }

    @Test
    void no_more_run_at_once_than_there_are_permits_and_who_waits_gets_a_turn() throws InterruptedException {
        HashPermits permits = new HashPermits(1, () -> Duration.ofMinutes(1));
        AtomicInteger running = new AtomicInteger();
        List<CompletableFuture<Optional<Boolean>>> all = new ArrayList<>();
        all.add(run(() -> permits.compute(false, this::untilTheEnd)));
        begun.await();
        for (int i = 0; i < 8; i++) {
            all.add(run(() ->
                    permits.compute(false, () -> running.incrementAndGet() == 1 && running.decrementAndGet() == 0)));
        }

        end.countDown();
        assertThat(all).allSatisfy(each -> assertThat(each.join()).contains(true));
    }

    @Test
    void a_crowd_has_few_places_and_leaves_the_others_free() throws InterruptedException {
        HashPermits permits = new HashPermits(1, () -> Duration.ofMinutes(1));
        List<CompletableFuture<Optional<Boolean>>> crowd = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            crowd.add(run(() -> permits.compute(true, this::untilTheEnd)));
        }
        CompletableFuture.anyOf(crowd.toArray(CompletableFuture[]::new)).join(); // one of them was turned away at once
        begun.await();

        CompletableFuture<Optional<Boolean>> other = run(() -> permits.compute(false, () -> true));
        end.countDown();

        assertThat(other.join()).contains(true);
        assertThat(crowd)
                .map(CompletableFuture::join)
                .filteredOn(Optional::isEmpty)
                .hasSize(1);
    }

    @Test
    void who_finds_no_turn_within_its_patience_is_turned_away() throws InterruptedException {
        HashPermits permits = new HashPermits(1, () -> Duration.ZERO);
        CompletableFuture<Optional<Boolean>> first = run(() -> permits.compute(false, this::untilTheEnd));
        begun.await();

        assertThat(permits.compute(false, () -> true)).isEmpty();
        end.countDown();
        assertThat(first.join()).contains(true);
        assertThat(permits.compute(false, () -> true)).contains(true);
    }

    private boolean untilTheEnd() {
        begun.countDown();
        try {
            end.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> CompletableFuture<T> run(java.util.function.Supplier<T> task) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                result.complete(task.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return result;
    }
}
