package org.vivarium.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.event.EventFilter;
import org.vivarium.api.event.EventReporter;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.PoolResized;
import org.vivarium.api.event.PoolStopped;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.ManualTicker;

class TelemetryTest {
    private final List<PoolEvent> heard = Collections.synchronizedList(new ArrayList<>());
    private final Telemetry telemetry = new Telemetry(TelemetryTest::daemon);

    @AfterEach
    void close() {
        telemetry.close();
    }

    @Test
    void every_handler_hears_every_event_in_order() {
        List<PoolEvent> alsoHeard = Collections.synchronizedList(new ArrayList<>());
        telemetry.addHandler(heard::add);
        telemetry.addHandler(alsoHeard::add);
        telemetry.start();
        List<PoolEvent> sent =
                IntStream.range(0, 1_000).mapToObj(TelemetryTest::event).toList();

        sent.forEach(telemetry::publish);

        await("all heard", () -> alsoHeard.size() == sent.size());
        assertThat(heard).isEqualTo(sent);
        assertThat(alsoHeard).isEqualTo(sent);
        assertThat(telemetry.dropped()).isZero();
    }

    @Test
    void what_does_not_fit_is_dropped_and_counted_and_what_fits_is_heard() {
        telemetry.addHandler(heard::add);
        for (int i = 0; i < Telemetry.CAPACITY + 100; i++) {
            telemetry.publish(event(i)); // nobody empties the ring yet
        }
        assertThat(telemetry.dropped()).isEqualTo(100);

        telemetry.start();
        await("the ring is empty", () -> heard.size() == Telemetry.CAPACITY);

        telemetry.publish(event(-1));
        await("there is room again", () -> heard.contains(event(-1)));
        assertThat(telemetry.dropped()).isEqualTo(100);
    }

    @Test
    void a_handler_that_throws_is_counted_and_logged_ten_times_and_the_others_hear_all() {
        telemetry.addHandler(event -> {
            throw new IllegalStateException("boom");
        });
        telemetry.addHandler(heard::add);
        try (CapturedLog log = new CapturedLog(Telemetry.class)) {
            telemetry.start();
            for (int i = 0; i < 50; i++) {
                telemetry.publish(event(i));
            }
            await("all heard", () -> heard.size() == 50);

            assertThat(telemetry.handlerFailures()).isEqualTo(50);
            assertThat(log.messages())
                    .hasSize(10)
                    .allMatch(line -> line.startsWith("WARN a telemetry handler failed on PoolResized"));
        }
    }

    @Test
    void a_slow_handler_costs_events_and_never_holds_up_who_publishes() throws Exception {
        CountDownLatch slow = new CountDownLatch(1);
        telemetry.addHandler(event -> {
            heard.add(event);
            awaitQuietly(slow);
        });
        telemetry.start();
        telemetry.publish(event(0));
        await("the handler is at it", () -> heard.size() == 1);

        Thread publisher = daemon(() -> {
            for (int i = 0; i < 2 * Telemetry.CAPACITY; i++) {
                telemetry.publish(event(i));
            }
        });
        publisher.start();
        publisher.join(20_000);

        assertThat(publisher.isAlive())
                .as("publishing does not wait for the handler")
                .isFalse();
        assertThat(telemetry.dropped()).isBetween((long) Telemetry.CAPACITY, Telemetry.CAPACITY + 1L);
        slow.countDown();
        await("the rest is heard", () -> heard.size() + telemetry.dropped() == 1 + 2 * Telemetry.CAPACITY);
    }

    @Test
    void of_many_who_publish_at_once_no_event_is_lost_uncounted() throws Exception {
        telemetry.addHandler(heard::add);
        telemetry.start();
        List<Thread> publishers = IntStream.range(0, 4)
                .mapToObj(i -> daemon(() -> IntStream.range(0, 10_000).forEach(n -> telemetry.publish(event(n)))))
                .toList();
        publishers.forEach(Thread::start);
        for (Thread publisher : publishers) {
            publisher.join();
        }

        await("heard or counted", () -> heard.size() + telemetry.dropped() == 40_000);
    }

    @Test
    void a_handler_that_blocks_for_ever_costs_only_its_own_events() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        telemetry.addQueuedHandler("stuck", (time, event) -> awaitQuietly(never), event -> true);
        telemetry.addHandler("quick", heard::add, event -> true);
        telemetry.start();
        int sent = QueuedSink.CAPACITY + 500;
        for (int i = 0; i < sent; i++) {
            telemetry.publish(event(i));
        }

        await("the quick one has heard all", () -> heard.size() == sent);
        SinkView stuck = view("stuck");
        assertThat(stuck.delivered()).isZero();
        assertThat(stuck.dropped() + stuck.waiting()).isBetween(sent - 1L, (long) sent);
        assertThat(stuck.dropped()).isBetween(499L, 500L);
        assertThat(view("quick").dropped()).isZero();
        assertThat(telemetry.dropped()).isZero();
        never.countDown();
    }

    @Test
    void a_queued_handler_that_throws_goes_on_and_is_counted() {
        List<PoolEvent> survived = Collections.synchronizedList(new ArrayList<>());
        telemetry.addQueuedHandler(
                "clumsy",
                (time, event) -> {
                    if (survived.isEmpty()) {
                        survived.add(event);
                        throw new LinkageError("a class is missing");
                    }
                    survived.add(event);
                },
                event -> true);
        try (CapturedLog log = new CapturedLog(Telemetry.class)) {
            telemetry.start();
            telemetry.publish(event(1));
            telemetry.publish(event(2));
            await("both heard", () -> survived.size() == 2);

            await("both counted", () -> view("clumsy").delivered() == 1);
            assertThat(view("clumsy").failures()).isEqualTo(1);
            assertThat(log.messages()).singleElement().asString().startsWith("WARN a telemetry handler failed on Pool");
        }
    }

    @Test
    void a_reporter_hears_what_the_filter_lets_through_from_then_on() {
        telemetry.addReporter(new EventReporter() {
            @Override
            public void report(Instant time, PoolEvent event) {
                heard.add(event);
            }

            @Override
            public String name() {
                return "mine";
            }
        });
        telemetry.start();
        telemetry.filter(EventFilter.parse("pool.*, -pool.resized"));
        telemetry.publish(event(1));
        telemetry.publish(new PoolStopped("test"));
        await("one heard", () -> heard.size() == 1);
        telemetry.filter(EventFilter.parse("pool.resized"));
        telemetry.publish(event(2));
        await("another heard", () -> heard.size() == 2);

        assertThat(heard).containsExactly(new PoolStopped("test"), event(2));
        assertThat(view("mine").delivered()).isEqualTo(2);
    }

    @Test
    void events_on_request_are_not_wanted_until_somebody_asks() {
        assertThat(telemetry.wants(EventType.CALL_START)).isFalse();
        assertThat(telemetry.wants(EventType.SESSION_HIT)).isFalse();
        assertThat(telemetry.wants(EventType.WORKER_TRANSITION)).isTrue();

        telemetry.filter(EventFilter.parse("call"));

        assertThat(telemetry.wants(EventType.CALL_START)).isTrue();
        assertThat(telemetry.wants(EventType.WORKER_TRANSITION)).isFalse();
    }

    @Test
    void counts_add_up_and_the_lag_grows_while_a_handler_hangs() {
        CountDownLatch slow = new CountDownLatch(1);
        telemetry.addHandler("ours", event -> awaitQuietly(slow), event -> true);
        telemetry.start();
        telemetry.publish(event(1));
        telemetry.publish(event(2));
        await("it lags", () -> telemetry.lag().toMillis() >= 100);
        slow.countDown();

        await("both delivered", () -> view("ours").delivered() == 2);
        await("it has caught up", () -> telemetry.lag().toMillis() < 100);
        assertThat(telemetry.published()).isEqualTo(2);
        assertThat(telemetry.delivered()).isEqualTo(2);
        assertThat(telemetry.waiting()).isZero();
        assertThat(telemetry.capacity()).isEqualTo(Telemetry.CAPACITY);
    }

    @Test
    void an_event_is_told_with_the_time_at_which_it_happened_however_late_it_is_heard() {
        ManualTicker ticker = new ManualTicker();
        Instant now = Instant.parse("2026-11-21T12:00:00Z");
        List<Instant> times = Collections.synchronizedList(new ArrayList<>());
        try (Telemetry timed = new Telemetry(TelemetryTest::daemon, ticker, () -> now)) {
            timed.addQueuedHandler("queued", (time, event) -> times.add(time), event -> true);
            timed.publish(event(1));
            ticker.advance(Duration.ofSeconds(3));
            timed.publish(event(2));
            timed.publish(event(3), Duration.ofSeconds(1).toNanos());
            ticker.advance(Duration.ofSeconds(2));
            timed.start();
            await("all heard", () -> times.size() == 3);
        }

        assertThat(times).containsExactly(now.minusSeconds(5), now.minusSeconds(2), now.minusSeconds(4));
    }

    private SinkView view(String name) {
        return telemetry.handlers().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void what_was_published_before_the_end_is_heard_before_the_end() {
        telemetry.addHandler(heard::add);
        telemetry.start();
        telemetry.publish(event(1));

        telemetry.close();

        assertThat(heard).containsExactly(event(1));
    }

    private static PoolEvent event(int number) {
        return new PoolResized("test", 0, number, "a test");
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody let the handler go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        return thread;
    }
}
