package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.PythonException;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.testing.ProcessTable;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/**
 * Idle workers die under load, one after the other, and no call notices. The times are logged at level info;
 * {@code -Dvivarium.test.kills=300} kills more of them.
 */
@StartsProcesses
class KilledWorkersTest {
    private static final Logger LOG = LoggerFactory.getLogger(KilledWorkersTest.class);
    private static final int KILLS = Integer.getInteger("vivarium.test.kills", 50);
    private static final int WORKERS = 6;
    private static final int CALLERS = 3;

    @TempDir
    Path runs;

    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();

    /** Held shared during a call and alone to kill: so a victim is surely idle. */
    private final ReadWriteLock gate = new ReentrantReadWriteLock();

    private volatile boolean done;
    private RunningService service;

    @BeforeEach
    void start() throws Exception {
        service = new RunningService(runs, RunningService.examples(WORKERS)).awaitReady(WORKERS);
        service.operations()
                .pool("default")
                .configure(
                        Map.of(
                                "RestartLimit",
                                1000,
                                "HealthCheckTimeoutMillis",
                                100,
                                "HealthRecheckMillis",
                                100,
                                "MaximumHealthFailures",
                                2),
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
    void no_call_fails_while_idle_workers_are_killed_and_each_is_replaced() throws Exception {
        String first = killOneIdle(0); // what is opened only once is open now
        awaitQuickly("the death of " + first, () -> stateIsTerminated(first));
        service.awaitReady(WORKERS);
        long descriptors = ProcessTable.openDescriptors();
        List<Thread> callers = startCallers();
        List<Double> detected = new ArrayList<>();
        List<Double> replaced = new ArrayList<>();

        for (int kill = 0; kill < KILLS; kill++) {
            long before = System.nanoTime();
            String victim = killOneIdle(kill);
            awaitQuickly("the death of " + victim, () -> stateIsTerminated(victim));
            detected.add((System.nanoTime() - before) / 1e6);
            awaitQuickly("its replacement", () -> service.view().ready() == WORKERS);
            replaced.add((System.nanoTime() - before) / 1e6);
        }
        done = true;
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(failures).isEmpty();
        assertThat(calls).hasValueGreaterThan(KILLS);
        assertThat(service.view().totals().errors()).isZero();
        assertThat(service.view().totals().died()).isEqualTo(KILLS + 1L);
        await(
                "no zombie",
                () -> ProcessTable.zombiesBelow(ProcessHandle.current().pid()).isEmpty());
        await("descriptors as before", () -> ProcessTable.openDescriptors() <= descriptors);
        LOG.info(
                "{} kills under {} calls: noticed after {}, replaced after {}",
                KILLS,
                calls,
                summary(detected),
                summary(replaced));
    }

    @Test
    void no_call_fails_while_an_idle_worker_is_stopped_and_it_is_replaced() throws Exception {
        List<Thread> callers = startCallers();
        await("callers are at it", () -> calls.get() > 100);
        WorkerView frozen = freezeOneIdle();

        await("the health check replaces it", () -> {
            service.pool().checkHealth();
            return service.control().workers().stream()
                    .noneMatch(worker -> worker.id().equals(frozen.id()));
        });
        service.awaitReady(WORKERS);
        done = true;
        for (Thread caller : callers) {
            caller.join();
        }

        assertThat(failures).isEmpty();
        assertThat(service.control().worker(frozen.id()).history())
                .anyMatch(transition -> transition.reason().equals("TOO_MANY_HEALTH_FAILURES"));
    }

    /** Stops a worker between two calls; the check that finds it comes before a call could. */
    private WorkerView freezeOneIdle() throws Exception {
        gate.writeLock().lock();
        try {
            WorkerView frozen = service.control().workers().get(0);
            ProcessTable.signal("STOP", List.of(frozen.pid()));
            service.pool().checkHealth();
            assertThat(service.control().worker(frozen.id()).state()).isEqualTo(WorkerState.DEGRADED);
            return frozen;
        } finally {
            gate.writeLock().unlock();
        }
    }

    private List<Thread> startCallers() {
        List<Thread> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS; i++) {
            Thread caller = new Thread(this::call);
            caller.setDaemon(true);
            caller.start();
            callers.add(caller);
        }
        return callers;
    }

    private void call() {
        while (!done) {
            String inputs = "{\"n\":" + calls.incrementAndGet() + "}";
            gate.readLock().lock();
            try {
                String result = service.call("echo", inputs);
                if (!result.equals(inputs)) {
                    failures.add(inputs + " was answered " + result);
                }
            } catch (PythonException e) {
                failures.add(e.toString());
            } finally {
                gate.readLock().unlock();
            }
            LockSupport.parkNanos(50_000);
        }
    }

    private boolean stateIsTerminated(String worker) {
        return service.control().worker(worker).state() == WorkerState.TERMINATED;
    }

    /** Kills between two calls, the warmest worker and the coldest in turn; the next call comes at once. */
    private String killOneIdle(int turn) {
        Comparator<WorkerView> coldestFirst = Comparator.comparing(WorkerView::calls);
        gate.writeLock().lock();
        try {
            WorkerView victim = service.control().workers().stream()
                    .filter(worker -> worker.state() == WorkerState.READY)
                    .min(turn % 2 == 0 ? coldestFirst : coldestFirst.reversed())
                    .orElseThrow();
            ProcessHandle.of(victim.pid()).orElseThrow().destroyForcibly();
            return victim.id();
        } finally {
            gate.writeLock().unlock();
        }
    }

    private static void awaitQuickly(String what, BooleanSupplier condition) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited in vain for " + what);
            }
            LockSupport.parkNanos(100_000);
        }
    }

    private static String summary(List<Double> millis) {
        List<Double> sorted = millis.stream().sorted(Comparator.naturalOrder()).toList();
        return "p50 %.1f ms, p99 %.1f ms, maximum %.1f ms"
                .formatted(
                        sorted.get(sorted.size() / 2),
                        sorted.get(Math.min(sorted.size() - 1, sorted.size() * 99 / 100)),
                        sorted.get(sorted.size() - 1));
    }
}
