package org.vivarium.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.vivarium.api.view.monitor.SelfCheck;
import org.vivarium.core.time.PeriodicJob;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.RunningService;

/** What the monitoring of the monitoring finds, and how it tells. */
class SelfMonitorTest {
    private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");

    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final List<Thread> threads = new ArrayList<>();
    private final SelfMonitor monitor = new SelfMonitor(Duration.ofMillis(10), now::get, this::thread);
    private final AtomicReference<String> problem = new AtomicReference<>("");

    private Thread thread(Runnable task) {
        Thread thread = new Thread(task);
        threads.add(thread);
        return thread;
    }

    @Test
    void what_is_found_comes_first_and_is_told_once_with_its_beginning_and_once_when_it_is_gone() {
        monitor.add("well", () -> "");
        monitor.add("history", problem::get);
        monitor.look();
        assertThat(monitor.view().healthy()).isTrue();
        try (CapturedLog log = new CapturedLog(SelfMonitor.class)) {
            now.set(NOON.plusSeconds(5));
            problem.set("disk full");
            monitor.look();
            now.set(NOON.plusSeconds(10));
            monitor.look();

            assertThat(monitor.view().healthy()).isFalse();
            assertThat(monitor.view().at()).isEqualTo(NOON.plusSeconds(10));
            assertThat(monitor.view().checks())
                    .containsExactly(
                            new SelfCheck("history", "disk full", NOON.plusSeconds(5)),
                            new SelfCheck("well", "", NOON));

            problem.set("");
            monitor.look();
            assertThat(log.messages()).containsExactly("ERROR history: disk full", "INFO history: well again");
        }
    }

    @Test
    void a_check_that_fails_is_found_itself_and_the_others_are_asked() {
        monitor.add("broken", () -> {
            throw new IllegalStateException("no");
        });
        monitor.add("well", () -> "");

        monitor.look();

        assertThat(monitor.view().checks())
                .extracting(SelfCheck::problem)
                .containsExactly("it cannot be looked at: java.lang.IllegalStateException: no", "");
    }

    @Test
    void it_looks_again_and_again_until_it_is_closed() {
        AtomicLong looks = new AtomicLong();
        monitor.add("counter", () -> looks.incrementAndGet() < 0 ? "overflow" : "");
        monitor.start();

        RunningService.await("three looks", () -> looks.get() >= 3);
        assertThat(threads).singleElement().matches(Thread::isAlive, "looks still");
        monitor.close();

        assertThat(threads).singleElement().matches(thread -> !thread.isAlive(), "has ended");
    }

    @Test
    void a_job_that_hangs_or_is_not_run_is_late_and_others_are_not() throws Exception {
        JobWatch jobs = new JobWatch();
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        PeriodicJob stuck = new PeriodicJob("metrics", () -> {
            entered.countDown();
            await(hanging);
        });
        jobs.watch(stuck, Duration.ofSeconds(-2)); // so that it need not be waited for
        jobs.watch(new PeriodicJob("heartbeats", () -> {}), Duration.ofSeconds(-2));
        jobs.watch(new PeriodicJob("resources", () -> {}), Duration.ofSeconds(5));
        Thread runner = new Thread(stuck::runOnce);
        runner.start();
        entered.await();

        assertThat(jobs.problem())
                .contains("heartbeats has not run for 0 s")
                .contains("metrics has been running for 0 s")
                .doesNotContain("resources");

        hanging.countDown();
        runner.join();
        jobs.clear();
        assertThat(jobs.problem()).isEmpty();
    }

    @Test
    void losses_are_told_while_they_grow_and_for_some_looks_after_that() {
        AtomicLong dropped = new AtomicLong(7);
        Growth growth = new Growth(dropped::get, lost -> lost + " dropped");
        assertThat(growth.get()).isEmpty();

        dropped.set(10);
        assertThat(growth.get()).isEqualTo("3 dropped");
        dropped.set(12);
        assertThat(growth.get()).isEqualTo("5 dropped");
        for (int i = 0; i < 5; i++) {
            assertThat(growth.get()).isEqualTo("5 dropped");
        }
        assertThat(growth.get()).isEmpty();
    }

    @Test
    void threads_that_wait_for_one_another_are_found_with_their_names_and_locks() throws Exception {
        Deadlocks deadlocks = new Deadlocks();
        assertThat(deadlocks.get()).isEmpty();
        ReentrantLock left = new ReentrantLock();
        ReentrantLock right = new ReentrantLock();
        CountDownLatch both = new CountDownLatch(2);
        Thread one = locker("left-handed", left, right, both);
        Thread other = locker("right-handed", right, left, both);
        try {
            RunningService.await("the deadlock", () -> !deadlocks.get().isEmpty());

            assertThat(deadlocks.get())
                    .startsWith("threads wait for one another for ever: ")
                    .contains(
                            "left-handed waits for java.util.concurrent.locks.ReentrantLock", "which right-handed has");
        } finally {
            one.interrupt();
            other.interrupt();
            one.join();
            other.join();
        }
        assertThat(deadlocks.get()).isEmpty();
    }

    private static Thread locker(String name, ReentrantLock first, ReentrantLock second, CountDownLatch both) {
        Thread thread = new Thread(
                () -> {
                    first.lock();
                    try {
                        both.countDown();
                        await(both);
                        second.lockInterruptibly();
                        second.unlock();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        first.unlock();
                    }
                },
                name);
        thread.start();
        return thread;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
