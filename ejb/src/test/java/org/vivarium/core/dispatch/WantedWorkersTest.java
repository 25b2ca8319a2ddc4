package org.vivarium.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.core.dispatch.NoSlotException.Reason;
import org.vivarium.testing.ManualTicker;

/** Callers that want one worker: each worker has a queue of its own. */
class WantedWorkersTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();
    private static final long LATER = Duration.ofMillis(100).toNanos();

    private final ManualTicker ticker = new ManualTicker();
    private final SlotTable table = new SlotTable();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<Slot> retired = new ArrayList<>();
    private final List<Asker> served = new ArrayList<>();
    private int queueLimit = 100;
    private final SlotDispatcher dispatcher = new SlotDispatcher(table, ticker, () -> queueLimit, retired::add, timer);

    @AfterEach
    void stopTimer() {
        timer.shutdownNow();
    }

    @Test
    void who_wants_a_worker_gets_it_though_another_is_free() throws Exception {
        Slot first = worker(1).get(0);
        Slot second = worker(1).get(0);

        assertThat(dispatcher.checkOut(strict(second), given -> {})).isSameAs(second);
        assertThat(dispatcher.checkOut(strict(first), given -> {})).isSameAs(first);
    }

    @Test
    void any_slot_of_the_worker_will_do() throws Exception {
        List<Slot> slots = worker(3);
        worker(1);

        List<Slot> got = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            got.add(dispatcher.checkOut(strict(slots.get(0)), given -> {}));
        }
        assertThat(got).containsExactlyInAnyOrderElementsOf(slots);
        Asker fourth = ask(strict(slots.get(0)));
        dispatcher.release(slots.get(1));
        assertThat(fourth.slot).isSameAs(slots.get(1));
    }

    @Test
    void who_waits_for_one_worker_holds_up_nobody_who_takes_any() throws Exception {
        Slot busy = taken();
        Slot other = worker(1).get(0);
        Asker wants = ask(strict(busy));

        assertThat(dispatcher.checkOut(0, HOUR, given -> {})).isSameAs(other);
        dispatcher.release(other);
        assertThat(wants.slot).isNull();
        assertThat(dispatcher.waiting()).isEqualTo(1);
        assertThat(dispatcher.waitingForAny()).isZero();

        dispatcher.release(busy);
        assertThat(wants.slot).isSameAs(busy);
    }

    @Test
    void a_released_slot_goes_to_the_better_of_both_queues_by_priority_and_then_by_arrival() throws Exception {
        Slot slot = taken();
        Asker any = ask(SlotRequest.any(0, HOUR));
        Asker wants = ask(strict(slot));
        Asker later = ask(SlotRequest.any(0, HOUR));
        Asker urgent = ask(new SlotRequest(5, HOUR, slot.workerQueue(), HOUR));

        for (int i = 0; i < 4; i++) {
            dispatcher.release(slot);
        }

        assertThat(served).containsExactly(urgent, any, wants, later);
    }

    @Test
    void after_a_while_any_other_worker_will_do_in_the_old_place() throws Exception {
        Slot wanted = taken();
        Slot other = taken();
        Asker moves = ask(new SlotRequest(0, HOUR, wanted.workerQueue(), LATER));
        Asker newcomer = ask(SlotRequest.any(0, HOUR));

        ticker.advance(Duration.ofNanos(LATER));
        nextTimer().run();
        assertThat(dispatcher.waitingForAny()).isEqualTo(2);
        dispatcher.release(other);

        assertThat(moves.slot).isSameAs(other);
        assertThat(newcomer.slot).isNull();
    }

    @Test
    void after_a_while_a_worker_that_is_free_is_taken_at_once() throws Exception {
        Slot wanted = taken();
        CompletableFuture<Slot> waiting = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                waiting.complete(
                        dispatcher.checkOut(new SlotRequest(0, HOUR, wanted.workerQueue(), LATER / 50), given -> {}));
            } catch (NoSlotException e) {
                waiting.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        await("in queue", () -> dispatcher.waiting() == 1);
        Slot other = worker(1).get(0);
        assertThat(waiting).isNotDone();

        ticker.advance(Duration.ofNanos(LATER / 50));

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(20)).isSameAs(other);
    }

    @Test
    void who_wants_no_other_leaves_when_its_time_is_up() throws Exception {
        Slot wanted = taken();
        worker(1);
        Asker strict = ask(new SlotRequest(0, LATER, wanted.workerQueue(), LATER));

        ticker.advance(Duration.ofNanos(LATER));
        nextTimer().run();

        assertThat(strict.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(dispatcher.waiting()).isZero();
    }

    @Test
    void when_a_worker_goes_those_who_wait_for_it_take_any_with_their_old_place() throws Exception {
        Slot going = taken();
        Slot other = taken();
        Asker strict = ask(strict(going));
        Asker newcomer = ask(SlotRequest.any(0, HOUR));

        dispatcher.close(going);
        dispatcher.close(going);
        assertThat(ask(strict(going)).slot).as("it is too late to want it").isNull();
        dispatcher.release(other);

        assertThat(strict.slot).isSameAs(other);
        assertThat(newcomer.slot).isNull();
        assertThat(dispatcher.waitingForAny()).isEqualTo(2);
    }

    @Test
    void when_a_worker_goes_those_who_wait_for_it_take_one_that_is_free() throws Exception {
        Slot going = taken();
        Slot free = worker(1).get(0);
        Asker strict = ask(strict(going));

        dispatcher.close(going);

        assertThat(strict.slot).isSameAs(free);
        assertThat(dispatcher.waiting()).isZero();
    }

    @Test
    void those_who_want_a_worker_are_refused_and_counted_like_all_others() throws Exception {
        Slot slot = taken();
        queueLimit = 1;
        Asker strict = ask(strict(slot));
        assertThat(ask(strict(slot)).reason()).isEqualTo(Reason.QUEUE_FULL);
        ticker.advance(Duration.ofMillis(7));
        assertThat(dispatcher.oldestWaitNanos()).isEqualTo(Duration.ofMillis(7).toNanos());
        assertThat(dispatcher.oldestWaitForAnyNanos()).isZero();

        dispatcher.refuse(Reason.DRAINED);

        assertThat(strict.reason()).isEqualTo(Reason.DRAINED);
        assertThat(dispatcher.waiting()).isZero();
        assertThat(catchThrowableOfType(NoSlotException.class, () -> dispatcher.checkOut(strict(slot), given -> {}))
                        .reason())
                .isEqualTo(Reason.DRAINED);
    }

    private Runnable nextTimer() {
        return Objects.requireNonNull(timer.getQueue().peek());
    }

    private static SlotRequest strict(Slot slot) {
        return new SlotRequest(0, HOUR, slot.workerQueue(), HOUR);
    }

    private List<Slot> worker(int size) {
        List<Slot> slots = TestSlots.worker(size);
        dispatcher.open(slots);
        slots.forEach(table::add);
        slots.forEach(dispatcher::release);
        return slots;
    }

    private Slot taken() throws NoSlotException {
        Slot slot = worker(1).get(0);
        assertThat(dispatcher.checkOut(strict(slot), given -> {})).isSameAs(slot);
        return slot;
    }

    private Asker ask(SlotRequest request) {
        Asker asker = new Asker();
        dispatcher.checkOutAsync(request, asker);
        return asker;
    }

    /** Someone in queue without a thread. */
    private final class Asker implements Waiter.SlotReceiver {
        private @Nullable Slot slot;
        private @Nullable NoSlotException failure;

        @Override
        public void take(@Nullable Slot slot, @Nullable NoSlotException failure) {
            this.slot = slot;
            this.failure = failure;
            if (slot != null) {
                served.add(this);
            }
        }

        @Nullable Reason reason() {
            return failure == null ? null : failure.reason();
        }
    }
}
