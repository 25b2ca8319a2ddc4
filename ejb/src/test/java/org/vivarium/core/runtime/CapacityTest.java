package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Sleeping, growing, shrinking, sparing and recycling, with real Python processes. */
@StartsProcesses
class CapacityTest {
    @TempDir
    Path runs;

    private RunningService service;

    @AfterEach
    void stop() {
        service.close();
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void a_lazy_pool_has_no_process_and_no_problem_until_its_first_call() throws Exception {
        start("minimum = 2, maximum = 4, lazy = true");

        assertThat(service.view().state()).isEqualTo("IDLE");
        assertThat(service.view().problem()).isNull();
        assertThat(service.operations().health().up()).isTrue();
        assertThat(ProcessHandle.current().descendants()).isEmpty();

        assertThat(service.call("echo", "{\"n\":1}")).isEqualTo("{\"n\":1}");
        service.awaitReady(2);
        assertThat(service.view().state()).isEqualTo("RUNNING");
    }

    @Test
    void the_first_call_of_a_lazy_pool_may_be_asynchronous() throws Exception {
        start("minimum = 1, maximum = 1, lazy = true");

        assertThat(async("echo", "{}")).succeedsWithin(Duration.ofSeconds(20));
    }

    @Test
    void a_lazy_pool_that_is_lazy_no_more_starts_its_workers() throws Exception {
        start("minimum = 2, maximum = 4, lazy = true");

        configure(Map.of("Lazy", false));

        service.awaitReady(2);
    }

    @Test
    void a_spare_takes_the_place_of_a_killed_worker_and_another_spare_comes() throws Exception {
        start("minimum = 2, maximum = 4, spares = 1");
        await("a spare", () -> service.view().ready() == 2 && service.view().spares() == 1);
        WorkerView spare = spares().get(0);
        WorkerView victim = service.control().workers().stream()
                .filter(WorkerView::inService)
                .findFirst()
                .orElseThrow();

        ProcessHandle.of(victim.pid()).orElseThrow().destroyForcibly();

        await("it serves", () -> service.control().worker(spare.id()).inService());
        await(
                "another spare",
                () -> service.view().ready() == 2 && service.view().spares() == 1);
        assertThat(spares().get(0).id()).isNotEqualTo(spare.id());
        assertThat(service.view().recoveryMillisLast()).isPositive();
    }

    @Test
    void spares_take_no_calls_and_go_when_they_are_not_wanted_any_more() throws Exception {
        start("minimum = 1, maximum = 1, spares = 2");
        await("two spares", () -> service.view().ready() == 1 && service.view().spares() == 2);

        List<CompletableFuture<byte[]>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(async("echo", "{}"));
        }
        calls.forEach(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(10)));
        assertThat(spares()).hasSize(2).allMatch(spare -> spare.calls() == 0);

        configure(Map.of("WarmSpares", 0));
        service.awaitReady(1);
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void a_pool_grows_over_its_maximum_while_callers_wait_and_shrinks_when_workers_are_idle() throws Exception {
        start("minimum = 1, maximum = 2, overflow = 1, growth-delay = 10 ms, idle-time = 100 ms");
        service.awaitReady(1);
        AtomicBoolean enough = new AtomicBoolean();
        List<CompletableFuture<?>> callers = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            callers.add(CompletableFuture.runAsync(
                    () -> {
                        while (!enough.get()) {
                            service.call("sleep", "{\"seconds\":0.05}");
                        }
                    },
                    task -> new Thread(task).start()));
        }

        await("three serve", () -> service.view().ready() == 3);
        enough.set(true);
        callers.forEach(caller -> assertThat(caller).succeedsWithin(Duration.ofSeconds(20)));

        await("one is left", () -> service.view().ready() == 1 && service.view().size() == 1);
        assertThat(service.view().totals().errors()).isZero();
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void a_hundred_recycles_by_calls_under_load_fail_no_call_and_leave_the_minimum_ready() throws Exception {
        Recycled seen = recycleUnderLoad(Integer.getInteger("vivarium.recycles", 100));

        assertThat(seen.failures()).isZero();
        assertThat(seen.fewestReady()).isEqualTo(2);
        assertThat(service.view().totals().died()).isZero();
        assertThat(seen.reasons()).containsExactly("CALL_LIMIT_REACHED");
    }

    private record Recycled(long failures, int fewestReady, Set<String> reasons) {}

    private Recycled recycleUnderLoad(int recycles) throws Exception {
        start("minimum = 2, maximum = 2, maximum-calls = 50");
        Set<String> reasons = ConcurrentHashMap.newKeySet();
        service.runtime().telemetry().addHandler(event -> {
            if (event instanceof WorkerTransitioned moved && moved.to() == WorkerState.DRAINING) {
                reasons.add(moved.reason());
            }
        });
        service.awaitReady(2);
        AtomicBoolean enough = new AtomicBoolean();
        List<CompletableFuture<?>> callers = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            callers.add(CompletableFuture.runAsync(
                    () -> {
                        while (!enough.get()) {
                            service.call("echo", "{}");
                        }
                    },
                    task -> new Thread(task).start()));
        }
        int[] fewest = {Integer.MAX_VALUE};
        long end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (service.view().totals().recycled() < recycles && System.nanoTime() - end < 0) {
            fewest[0] = Math.min(fewest[0], service.view().ready());
        }
        enough.set(true);
        callers.forEach(caller -> assertThat(caller).succeedsWithin(Duration.ofSeconds(20)));
        assertThat(service.view().totals().recycled()).isGreaterThanOrEqualTo(recycles);
        return new Recycled(service.view().totals().errors(), fewest[0], reasons);
    }

    @Test
    void workers_that_are_too_old_are_replaced_whether_they_are_called_or_not() throws Exception {
        start("minimum = 2, maximum = 2, maximum-age = 500 ms");

        await("three generations", () -> service.view().totals().recycled() >= 4);
        configure(Map.of("MaximumWorkerAgeMillis", 0));

        service.awaitReady(2);
        assertThat(service.view().totals().died()).isZero();
    }

    @Test
    void a_busy_worker_that_is_recycled_ends_its_call_first() throws Exception {
        start("minimum = 1, maximum = 1");
        service.awaitReady(1);
        CompletableFuture<byte[]> call = async("sleep", "{\"seconds\":0.5}");
        await("busy", () -> service.view().busy() == 1);
        WorkerView old = service.control().workers().get(0);

        service.operations().pool("default").recycle(old.id(), Actor.SERVICE);

        await("draining", () -> service.control().worker(old.id()).state() == WorkerState.DRAINING);
        assertThat(service.view().ready()).isEqualTo(1);
        assertThat(call).succeedsWithin(Duration.ofSeconds(10));
        service.awaitReady(1);
    }

    private void start(String workers) throws Exception {
        service = new RunningService(runs, """
                vivarium.pools.default {
                  workers { %s }
                  python { path = [${vivarium.python.examples}], programs = [vivarium_examples] }
                }
                """.formatted(workers));
    }

    private List<WorkerView> spares() {
        return service.control().workers().stream()
                .filter(worker -> worker.state() == WorkerState.READY && !worker.inService())
                .toList();
    }

    private void configure(Map<String, ?> changes) {
        service.operations().pool("default").configure(changes, Actor.SERVICE);
    }

    private CompletableFuture<byte[]> async(String program, String inputs) {
        return service.operations()
                .pool("default")
                .callAsync(program, Payload.of(inputs.getBytes(UTF_8)), CallOptions.DEFAULT)
                .thenApply(Payload::json);
    }
}
