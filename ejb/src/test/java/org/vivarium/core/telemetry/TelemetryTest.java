package org.vivarium.core.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.PoolResized;
import org.vivarium.testing.CapturedLog;

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
