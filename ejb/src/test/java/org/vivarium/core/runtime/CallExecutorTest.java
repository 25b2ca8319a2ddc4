package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import org.junit.jupiter.api.Test;

class CallExecutorTest {
    private final ExecutorService executor = new CallExecutor(task -> new Thread(task, "ours"));

    @Test
    void what_comes_after_its_end_runs_on_a_thread_of_ours_and_not_on_that_of_who_brings_it() {
        assertThat(threadOfTask()).isEqualTo("ours");

        executor.shutdownNow();

        assertThat(threadOfTask()).isEqualTo("ours");
    }

    private String threadOfTask() {
        CompletableFuture<String> name = new CompletableFuture<>();
        executor.execute(() -> name.complete(Thread.currentThread().getName()));
        return name.join();
    }
}
