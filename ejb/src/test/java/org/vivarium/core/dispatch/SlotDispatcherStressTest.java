package org.vivarium.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.core.dispatch.NoSlotException.Reason;
import org.vivarium.core.time.Ticker;

/**
 * Many callers, some impatient, some interrupted, some without a thread, a health check that borrows, and a life cycle
 * that withdraws slots and puts new ones into their places: never two owners, nobody forgotten, nothing lost.
 */
class SlotDispatcherStressTest {
    private static final int CHECK_OUTS = Integer.getInteger("vivarium.test.checkouts", 6_000);
    private static final Duration FOREVER = Duration.ofSeconds(30);

    private final Ticker ticker = Ticker.system();
    private final SlotTable table = new SlotTable();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ExecutorService executor = Executors.newFixedThreadPool(2);
    private final BlockingQueue<Slot> handedOver = new LinkedBlockingQueue<>();
    private final SlotDispatcher dispatcher = new SlotDispatcher(table, ticker, () -> 10_000, handedOver::add, timer);

    /** Who owns the slot at an index; a second owner is a broken promise. */
    private final AtomicReferenceArray<@Nullable Slot> owned = new AtomicReferenceArray<>(SlotTable.CAPACITY);

    private final Queue<String> broken = new ConcurrentLinkedQueue<>();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger replaced = new AtomicInteger();
    private final AtomicInteger hits = new AtomicInteger();
    private volatile boolean callersDone;

    @AfterEach
    void stopThreads() {
        executor.shutdownNow();
        timer.shutdownNow();
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "8, 2", "12, 1", "3, 70"})
    void no_slot_has_two_owners_and_no_caller_is_forgotten(int callers, int slots) throws Exception {
        for (int i = 0; i < slots; i++) {
            enter();
        }
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
            threads.add(started(this::call));
        }
        List<Thread> disturbers =
                List.of(started(this::liveAndDie), started(this::checkHealth), started(() -> interrupt(threads)));
        for (Thread caller : threads) {
            caller.join(FOREVER.toMillis() * 2);
            assertThat(caller.isAlive())
                    .as("a caller is still in queue: %s", broken)
                    .isFalse();
        }
        await("an answer for each that has no thread", () -> served.get() + refused.get() >= asked.get());
        callersDone = true;
        for (Thread disturber : disturbers) {
            disturber.join(FOREVER.toMillis());
            assertThat(disturber.isAlive()).isFalse();
        }

        assertThat(broken).isEmpty();
        assertThat(served.get() + refused.get())
                .as("every question has one answer")
                .isEqualTo(asked.get());
        assertThat(dispatcher.waiting()).isZero();
        assertThat(table.slots()).hasSize(slots);
        assertThat(TestSlots.claimAll(table)).as("all are free again").hasSameElementsAs(table.slots());
        assertThat(served).hasPositiveValue();
        assertThat(refused).hasPositiveValue();
        assertThat(replaced).hasPositiveValue();
        assertThat(hits).as("who wanted a worker got it").hasPositiveValue();
    }

    private void call() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < CHECK_OUTS; i++) {
            asked.incrementAndGet();
            Duration patience = switch (random.nextInt(8)) {
                case 0 -> Duration.ZERO;
                case 1, 2 -> Duration.ofNanos(random.nextInt(100_000));
                default -> FOREVER;
            };
            long deadline = ticker.nanos() + patience.toNanos();
            SlotRequest request = request(deadline);
            if (random.nextInt(8) == 0) {
                dispatcher.checkOutAsync(
                        request, (slot, failure) -> executor.execute(() -> answered(slot, failure, deadline)));
                continue;
            }
            try {
                Slot slot = dispatcher.checkOut(request, given -> {});
                if (request.wanted() == slot.workerQueue()) {
                    hits.incrementAndGet();
                }
                answered(slot, null, deadline);
            } catch (NoSlotException e) {
                answered(null, e, deadline);
                if (e.reason() == Reason.INTERRUPTED && !Thread.interrupted()) {
                    broken.add("left the queue as interrupted, but the flag is not set");
                }
            }
        }
    }

    /** Half of them want some worker, of those half for ever, the others for a moment only. */
    private SlotRequest request(long deadline) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        List<Slot> slots = table.slots();
        if (slots.isEmpty() || random.nextBoolean()) {
            return SlotRequest.any(random.nextInt(3), deadline);
        }
        WorkerQueue wanted = slots.get(random.nextInt(slots.size())).workerQueue();
        long anyFrom = random.nextBoolean() ? deadline : ticker.nanos() + random.nextInt(50_000);
        return new SlotRequest(random.nextInt(3), deadline, wanted, anyFrom);
    }

    private void answered(@Nullable Slot slot, @Nullable NoSlotException failure, long deadline) {
        if (slot != null) {
            own(slot);
            if (ThreadLocalRandom.current().nextInt(4) == 0) {
                LockSupport.parkNanos(1_000);
            }
            disown(slot);
            served.incrementAndGet();
            dispatcher.release(slot);
            return;
        }
        refused.incrementAndGet();
        Reason reason = failure == null ? null : failure.reason();
        if (reason == Reason.TIMED_OUT && ticker.nanos() - deadline < 0) {
            broken.add("timed out before its time was up");
        } else if (reason != Reason.TIMED_OUT && reason != Reason.INTERRUPTED) {
            broken.add("refused: " + reason);
        }
    }

    /** As the supervisor: one thread that alone adds and removes slots. */
    private void liveAndDie() {
        while (!callersDone || !handedOver.isEmpty()) {
            Slot back = handedOver.poll();
            if (back != null) {
                replace(back);
            } else if (!callersDone) {
                List<Slot> slots = table.slots();
                Slot victim = slots.get(ThreadLocalRandom.current().nextInt(slots.size()));
                if (!victim.retire() && dispatcher.wantBack(victim)) {
                    replace(victim);
                }
                LockSupport.parkNanos(5_000);
            }
        }
    }

    private void replace(Slot slot) {
        dispatcher.close(slot);
        own(slot);
        if (table.at(slot.index()) != slot) {
            broken.add("a slot came back to the life cycle twice");
        }
        table.remove(slot);
        disown(slot);
        replaced.incrementAndGet();
        enter();
    }

    private void enter() {
        Slot slot = TestSlots.slot();
        dispatcher.open(List.of(slot));
        table.add(slot);
        dispatcher.release(slot);
    }

    private void checkHealth() {
        while (!callersDone) {
            for (Slot slot : table.slots()) {
                if (dispatcher.borrow(slot)) {
                    own(slot);
                    disown(slot);
                    dispatcher.release(slot);
                }
            }
            LockSupport.parkNanos(20_000);
        }
    }

    private void interrupt(List<Thread> callers) {
        while (!callersDone) {
            callers.get(ThreadLocalRandom.current().nextInt(callers.size())).interrupt();
            LockSupport.parkNanos(200_000);
        }
    }

    private void own(Slot slot) {
        if (!owned.compareAndSet(slot.index(), null, slot)) {
            broken.add("slot " + slot.index() + " has two owners");
        }
    }

    private void disown(Slot slot) {
        if (!owned.compareAndSet(slot.index(), slot, null)) {
            broken.add("slot " + slot.index() + " was taken from its owner");
        }
    }

    private static Thread started(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
