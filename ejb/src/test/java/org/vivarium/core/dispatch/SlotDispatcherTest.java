package org.vivarium.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.vivarium.testing.RunningService.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.core.dispatch.NoSlotException.Reason;
import org.vivarium.testing.ManualTicker;

class SlotDispatcherTest {
    private static final long HOUR = Duration.ofHours(1).toNanos();

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
    void a_free_slot_is_given_at_once_and_comes_back() throws Exception {
        Slot slot = free();

        assertThat(dispatcher.checkOut(0, ticker.nanos(), given -> {})).isSameAs(slot);
        assertThat(table.hasFree()).isFalse();

        dispatcher.release(slot);
        assertThat(table.hasFree()).isTrue();
    }

    @Test
    void who_came_first_is_served_first() throws Exception {
        Slot slot = taken();
        List<Asker> askers = List.of(ask(0), ask(0), ask(0));

        releaseAndAgain(slot, 3);

        assertThat(served).isEqualTo(askers);
    }

    @Test
    void a_higher_priority_is_served_first_and_equals_in_order_of_arrival() throws Exception {
        Slot slot = taken();
        Asker low = ask(-1);
        Asker first = ask(0);
        Asker urgent = ask(5);
        Asker second = ask(0);

        releaseAndAgain(slot, 4);

        assertThat(served).containsExactly(urgent, first, second, low);
    }

    @Test
    void a_newcomer_does_not_overtake_those_in_queue() throws Exception {
        Slot slot = taken();
        Asker first = ask(0);
        Asker newcomer = ask(0);

        dispatcher.release(slot);

        assertThat(first.slot()).isSameAs(slot);
        assertThat(newcomer.slot()).isNull();
        assertThat(dispatcher.waiting()).isEqualTo(1);
    }

    @Test
    void a_waiting_thread_gets_the_slot_that_is_released() throws Exception {
        Slot slot = taken();
        CompletableFuture<Slot> waiting = waitInThread(HOUR);

        dispatcher.release(slot);

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(20)).isSameAs(slot);
        assertThat(dispatcher.waiting()).isZero();
    }

    @Test
    void a_waiting_thread_gets_its_head_start_in_the_thread_that_gives_the_slot_away() throws Exception {
        Slot slot = taken();
        List<Object> given = new CopyOnWriteArrayList<>();
        CompletableFuture<Slot> waiting = inThread(() ->
                dispatcher.checkOut(0, HOUR, with -> given.addAll(List.of(with, Thread.currentThread()))));
        await("in queue", () -> dispatcher.waiting() == 1);

        dispatcher.release(slot);

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(20)).isSameAs(slot);
        assertThat(given).containsExactly(slot, Thread.currentThread());
    }

    @Test
    void a_new_slot_goes_to_who_waits() {
        CompletableFuture<Slot> waiting = waitInThread(HOUR);

        Slot added = free();

        assertThat(waiting).succeedsWithin(Duration.ofSeconds(20)).isSameAs(added);
    }

    @Test
    void a_waiting_thread_leaves_when_its_time_is_up_and_not_before() {
        long deadline = ticker.nanos() + Duration.ofMillis(2).toNanos();
        CompletableFuture<Slot> waiting = waitInThread(deadline);

        ticker.advance(Duration.ofNanos(deadline - 1));
        assertThat(waiting).isNotDone();
        ticker.advance(Duration.ofNanos(1));

        assertRefused(waiting, Reason.TIMED_OUT);
        assertThat(dispatcher.waiting()).isZero();
    }

    @Test
    void who_has_no_time_left_does_not_wait_but_takes_a_free_slot() throws Exception {
        assertThat(refusal(() -> dispatcher.checkOut(0, ticker.nanos(), given -> {})))
                .isEqualTo(Reason.TIMED_OUT);

        Slot slot = free();
        assertThat(dispatcher.checkOut(0, ticker.nanos(), given -> {})).isSameAs(slot);
    }

    @Test
    void a_waiter_without_a_thread_leaves_when_its_time_is_up() {
        Asker asker = ask(0);

        timer.getQueue().forEach(Runnable::run);

        assertThat(asker.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(dispatcher.waiting()).isZero();
        assertThat(free())
                .as("nobody took it")
                .satisfies(slot -> assertThat(table.claimAt(slot.index())).isSameAs(slot));
    }

    @Test
    void a_waiter_that_was_served_spares_its_timer_and_hears_nothing_more() throws Exception {
        Slot slot = taken();
        Asker asker = ask(0);
        List<Runnable> timers = List.copyOf(timer.getQueue());

        dispatcher.release(slot);
        timers.forEach(Runnable::run);

        assertThat(asker.slot()).isSameAs(slot);
        assertThat(asker.answers).isEqualTo(1);
    }

    @Test
    void an_interrupted_thread_leaves_the_queue_and_keeps_its_flag() {
        AtomicReference<Thread> waiter = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        CompletableFuture<Slot> waiting = inThread(() -> {
            waiter.set(Thread.currentThread());
            try {
                return dispatcher.checkOut(0, HOUR, given -> {});
            } finally {
                flag.set(Thread.interrupted());
            }
        });
        await("in queue", () -> dispatcher.waiting() == 1);

        waiter.get().interrupt();

        assertRefused(waiting, Reason.INTERRUPTED);
        assertThat(flag).hasValue(true);
        assertThat(dispatcher.waiting()).isZero();
    }

    @Test
    void a_thread_that_comes_interrupted_does_not_wait_but_takes_a_free_slot() throws Exception {
        Thread.currentThread().interrupt();
        assertThat(refusal(() -> dispatcher.checkOut(0, HOUR, given -> {}))).isEqualTo(Reason.INTERRUPTED);

        Slot slot = free();
        assertThat(dispatcher.checkOut(0, HOUR, given -> {})).isSameAs(slot);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void a_full_queue_takes_nobody_else() throws Exception {
        queueLimit = 2;
        Slot slot = taken();
        Asker first = ask(0);
        ask(0);

        assertThat(ask(9).reason()).as("no matter how urgent").isEqualTo(Reason.QUEUE_FULL);
        assertThat(refusal(() -> dispatcher.checkOut(0, HOUR, given -> {}))).isEqualTo(Reason.QUEUE_FULL);

        dispatcher.release(slot);
        assertThat(first.slot()).isSameAs(slot);
        assertThat(ask(0).reason()).as("there is room again").isNull();
    }

    @Test
    void those_in_queue_are_refused_when_the_pool_is_drained_and_taken_again_after_it() throws Exception {
        Slot slot = taken();
        Asker asker = ask(0);
        CompletableFuture<Slot> waiting = waitInThread(HOUR);

        dispatcher.refuse(Reason.DRAINED);

        assertThat(asker.reason()).isEqualTo(Reason.DRAINED);
        assertRefused(waiting, Reason.DRAINED);
        assertThat(refusal(() -> dispatcher.checkOut(0, HOUR, given -> {}))).isEqualTo(Reason.DRAINED);
        assertThat(dispatcher.waiting()).isZero();

        dispatcher.release(slot);
        dispatcher.refuse(null);
        assertThat(dispatcher.checkOut(0, HOUR, given -> {})).isSameAs(slot);
    }

    @Test
    void a_pool_that_has_stopped_does_not_start_again() {
        dispatcher.refuse(Reason.STOPPED);
        dispatcher.refuse(null);
        dispatcher.refuse(Reason.DRAINED);

        assertThat(dispatcher.refusing()).isEqualTo(Reason.STOPPED);
        assertThat(ask(0).reason()).isEqualTo(Reason.STOPPED);
    }

    @Test
    void a_free_slot_that_is_wanted_back_belongs_to_who_wanted_it() {
        Slot slot = free();

        assertThat(dispatcher.wantBack(slot)).isTrue();

        assertThat(retired).isEmpty();
        assertThat(table.hasFree()).isFalse();
    }

    @Test
    void a_busy_slot_that_is_wanted_back_comes_with_its_release_even_if_others_wait() throws Exception {
        Slot slot = taken();
        Asker asker = ask(0);

        assertThat(dispatcher.wantBack(slot)).isFalse();
        dispatcher.release(slot);

        assertThat(retired).containsExactly(slot);
        assertThat(asker.slot()).isNull();
        assertThat(table.hasFree()).isFalse();
    }

    @Test
    void a_slot_that_is_borrowed_is_nobody_elses_until_it_is_released() {
        Slot slot = free();

        assertThat(dispatcher.borrow(slot)).isTrue();
        assertThat(dispatcher.borrow(slot)).isFalse();
        Asker asker = ask(0);
        dispatcher.release(slot);

        assertThat(asker.slot()).isSameAs(slot);
    }

    @Test
    void to_borrow_a_slot_that_has_gone_does_not_take_its_successor() {
        Slot old = free();
        assertThat(dispatcher.wantBack(old)).isTrue();
        table.remove(old);
        Slot successor = free();
        assertThat(successor.index()).isEqualTo(old.index());

        assertThat(dispatcher.borrow(old)).isFalse();

        assertThat(table.claimAt(successor.index())).as("still free").isSameAs(successor);
    }

    @Test
    void to_want_back_a_slot_that_has_gone_does_not_lose_its_successor() {
        Slot old = free();
        assertThat(dispatcher.wantBack(old)).isTrue();
        table.remove(old);
        Slot successor = free();

        assertThat(dispatcher.wantBack(old)).isFalse();

        assertThat(ask(0).slot()).isSameAs(successor);
    }

    @Test
    void the_oldest_wait_is_that_of_who_came_first_whatever_the_priorities() throws Exception {
        taken();
        assertThat(dispatcher.oldestWaitNanos()).isZero();
        ask(0);
        ticker.advance(Duration.ofMillis(30));
        ask(9);
        ticker.advance(Duration.ofMillis(12));

        assertThat(dispatcher.oldestWaitNanos()).isEqualTo(Duration.ofMillis(42).toNanos());
    }

    @Test
    void a_waiter_that_is_served_before_it_has_said_how_it_leaves_does_not_stay_registered() throws Exception {
        SlotTable other = new SlotTable();
        AtomicReference<@Nullable Runnable> meanwhile = new AtomicReference<>();
        ScheduledThreadPoolExecutor slow = new ScheduledThreadPoolExecutor(1) {
            @Override
            public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
                Runnable first = meanwhile.get();
                if (first != null) {
                    first.run();
                }
                return super.schedule(command, delay, unit);
            }
        };
        SlotDispatcher hurried = new SlotDispatcher(other, ticker, () -> queueLimit, retired::add, slow);
        Slot slot = TestSlots.slot();
        other.add(slot);
        meanwhile.set(() -> hurried.release(slot));
        Asker asker = new Asker();

        hurried.checkOutAsync(SlotRequest.any(0, HOUR), asker);

        assertThat(asker.slot()).isSameAs(slot);
        assertThat(asker.leave).as("how it would leave").isNull();
        slow.shutdownNow();
    }

    private Slot free() {
        Slot slot = TestSlots.slot();
        table.add(slot);
        dispatcher.release(slot);
        return slot;
    }

    private Slot taken() throws NoSlotException {
        free();
        return dispatcher.checkOut(0, HOUR, given -> {});
    }

    private void releaseAndAgain(Slot slot, int times) {
        for (int i = 0; i < times; i++) {
            dispatcher.release(slot);
        }
    }

    private Asker ask(int priority) {
        Asker asker = new Asker();
        dispatcher.checkOutAsync(SlotRequest.any(priority, HOUR), asker);
        return asker;
    }

    private CompletableFuture<Slot> waitInThread(long deadlineNanos) {
        int before = dispatcher.waiting();
        CompletableFuture<Slot> waiting = inThread(() -> dispatcher.checkOut(0, deadlineNanos, given -> {}));
        await("in queue", () -> dispatcher.waiting() == before + 1);
        return waiting;
    }

    private static CompletableFuture<Slot> inThread(CheckOut checkOut) {
        CompletableFuture<Slot> outcome = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                outcome.complete(checkOut.get());
            } catch (NoSlotException e) {
                outcome.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return outcome;
    }

    private static @Nullable Reason refusal(CheckOut checkOut) {
        NoSlotException refused = catchThrowableOfType(NoSlotException.class, checkOut::get);
        return refused == null ? null : refused.reason();
    }

    private static void assertRefused(CompletableFuture<Slot> waiting, Reason reason) {
        assertThat(waiting)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        NoSlotException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** A check-out that a thread waits for. */
    @FunctionalInterface
    private interface CheckOut {
        Slot get() throws NoSlotException;
    }

    /** Someone in queue without a thread. */
    private final class Asker implements Waiter.SlotReceiver {
        private @Nullable Slot slot;
        private @Nullable NoSlotException failure;
        private int answers;
        private @Nullable Runnable leave;

        @Override
        public void waits(@Nullable Runnable leave) {
            this.leave = leave;
        }

        @Override
        public void take(@Nullable Slot slot, @Nullable NoSlotException failure) {
            this.slot = slot;
            this.failure = failure;
            answers++;
            if (slot != null) {
                served.add(this);
            }
        }

        @Nullable Slot slot() {
            return slot;
        }

        @Nullable Reason reason() {
            return failure == null ? null : failure.reason();
        }
    }
}
