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
        HashPermits permits = new HashPermits(1, Duration.ofMinutes(1));

        assertThat(permits.compute(true, () -> true)).contains(true);
        assertThat(permits.compute(false, () -> false)).contains(false);
    }

    @Test
    void no_more_run_at_once_than_there_are_permits_and_who_may_wait_gets_a_turn() throws InterruptedException {
        HashPermits permits = new HashPermits(1, Duration.ofMinutes(1));
        AtomicInteger running = new AtomicInteger();
        List<CompletableFuture<Optional<Boolean>>> all = new ArrayList<>();
        all.add(run(() -> permits.compute(true, this::untilTheEnd)));
        begun.await();
        for (int i = 0; i < 8; i++) {
            all.add(run(() ->
                    permits.compute(true, () -> running.incrementAndGet() == 1 && running.decrementAndGet() == 0)));
        }

        assertThat(permits.compute(false, () -> true))
                .as("no turn now, and no waiting")
                .isEmpty();
        end.countDown();
        assertThat(all).allSatisfy(each -> assertThat(each.join()).contains(true));
    }

    @Test
    void who_finds_no_turn_within_its_patience_is_turned_away() throws InterruptedException {
        HashPermits permits = new HashPermits(1, Duration.ZERO);
        CompletableFuture<Optional<Boolean>> first = run(() -> permits.compute(true, this::untilTheEnd));
        begun.await();

        assertThat(permits.compute(true, () -> true)).isEmpty();
        end.countDown();
        assertThat(first.join()).contains(true);
        assertThat(permits.compute(true, () -> true)).contains(true);
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
