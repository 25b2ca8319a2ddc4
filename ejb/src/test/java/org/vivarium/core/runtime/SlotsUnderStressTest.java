package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.CallContext;
import org.vivarium.api.CallOptions;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.ProcessTable;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/**
 * Workers with several slots are killed, stopped, checked, recycled and resized while calls run in all of them; in the
 * end every slot is there, once. {@code -Dvivarium.test.rounds=1000} goes on for longer.
 */
@StartsProcesses
class SlotsUnderStressTest {
    private static final Logger LOG = LoggerFactory.getLogger(SlotsUnderStressTest.class);
    private static final int ROUNDS = Integer.getInteger("vivarium.test.rounds", 40);
    private static final int WORKERS = 3;
    private static final int SLOTS = 4;
    private static final Set<String> OF_THE_STRESS = Set.of("CallTimeout", "CheckoutTimeout", "WorkerLost");

    @TempDir
    private Path runs;

    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger lost = new AtomicInteger();
    private final long seed = new Random().nextLong();
    private volatile boolean done;
    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        String text = RunningService.examplesAndMisbehaviour(WORKERS)
                .replace("maximum = 16", "maximum = 5, slots = %d".formatted(SLOTS));
        service = new RunningService(runs, text).awaitReady(WORKERS);
        service.operations()
                .pool("default")
                .configure(
                        Map.of(
                                "RestartLimit", 1000,
                                "IsolationKills", 0,
                                "MaximumRetries", 0,
                                "BreakerFailures", 0,
                                "HealthCheckTimeoutMillis", 50,
                                "HealthRecheckMillis", 100),
                        Actor.SERVICE);
    }

    @AfterEach
    void stop() {
        done = true;
        service.close();
        assertThat(ProcessHandle.current().descendants().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void whatever_happens_to_workers_no_slot_is_lost_and_no_answer_is_that_of_another_call() {
        List<CompletableFuture<?>> callers = new ArrayList<>();
        for (int caller = 0; caller < WORKERS * SLOTS; caller++) {
            int number = caller;
            callers.add(CompletableFuture.runAsync(() -> call(number), run -> new Thread(run).start()));
        }
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            int seen = answered.get();
            trouble(random.nextInt(6), random);
            await("further answers, seed " + seed, () -> answered.get() >= seen + 40);
        }
        done = true;
        callers.forEach(caller -> assertThat(caller).succeedsWithin(Duration.ofSeconds(30)));

        assertThat(wrong).as("seed " + seed).isEmpty();
        service.operations().pool("default").resize(WORKERS, Actor.SERVICE);
        await(
                "all are well, seed " + seed,
                () -> service.view().ready() == WORKERS && service.view().size() == WORKERS);
        assertThat(service.view().busySlots()).isZero();
        assertThat(service.view().slots()).isEqualTo(WORKERS * SLOTS);
        LOG.info(
                "{} calls answered, {} lost or late, {} workers died, {} recycled",
                answered,
                lost,
                service.view().totals().died(),
                service.view().totals().recycled());
        assertEverySlotTakesACall();
    }

    private void assertEverySlotTakesACall() {
        List<CompletableFuture<?>> calls = new ArrayList<>();
        for (int call = 0; call < WORKERS * SLOTS; call++) {
            calls.add(CompletableFuture.runAsync(
                    () -> service.call("sleep", "{\"seconds\":2}"), run -> new Thread(run).start()));
        }
        await("every slot is busy, seed " + seed, () -> service.view().busySlots() == WORKERS * SLOTS);
        assertThat(service.view().waiting()).isZero();
        calls.forEach(call -> assertThat(call).succeedsWithin(Duration.ofSeconds(30)));
    }

    private void trouble(int kind, Random random) {
        List<WorkerView> workers = service.control().workers().stream()
                .filter(worker -> worker.state() == WorkerState.READY || worker.state() == WorkerState.BUSY)
                .toList();
        if (workers.isEmpty()) {
            return;
        }
        WorkerView victim = workers.get(random.nextInt(workers.size()));
        switch (kind) {
            case 0 -> ProcessHandle.of(victim.pid()).ifPresent(ProcessHandle::destroyForcibly);
            case 1 -> service.control().recycle(victim.id(), Actor.SERVICE);
            case 2 -> service.operations().pool("default").resize(WORKERS + random.nextInt(3), Actor.SERVICE);
            case 3, 4 -> freeze(victim);
            default -> service.pool().checkHealth();
        }
    }

    /** Stops a worker while it is checked; a check fails only if no call came. */
    private void freeze(WorkerView victim) {
        boolean stopped = ProcessTable.trySignal("STOP", List.of(victim.pid()));
        service.pool().checkHealth();
        service.pool().checkHealth();
        boolean goesOn = stopped && ProcessTable.trySignal("CONT", List.of(victim.pid()));
        LOG.debug("{} stopped: {}, went on: {}", victim.id(), stopped, goesOn);
    }

    private void call(int caller) {
        CallOptions session =
                CallOptions.DEFAULT.withContext(new CallContext("s" + caller, null, null, null, null, null, null));
        int count = 0;
        for (int call = 0; !done; call++) {
            try {
                switch ((caller + call) % 4) {
                    case 0 -> expect("{\"n\":%d}".formatted(call), service.call("echo", "{\"n\":%d}".formatted(call)));
                    case 1 -> expect("{\"count\":%d}".formatted(++count), service.call("count", "{}", session));
                    case 2 -> expect("0.002", service.call("wait_async", "{\"seconds\":0.002}"));
                    default ->
                        service.call(
                                "spin", "{\"seconds\":0.01}", CallOptions.DEFAULT.withTimeout(Duration.ofMillis(30)));
                }
                answered.incrementAndGet();
            } catch (PythonException e) {
                lost.incrementAndGet();
                count -= (caller + call) % 4 == 1 ? 1 : 0; // a failed call leaves its session as it was
                if (!OF_THE_STRESS.contains(e.type())) {
                    wrong.add(e.toString());
                }
            }
        }
    }

    private void expect(String expected, String answer) {
        if (!answer.equals(expected)) {
            wrong.add(answer + " instead of " + expected);
        }
    }
}
