package org.vivarium.core.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.vivarium.core.metrics.history.HistoryPoint;
import org.vivarium.testing.HistoryPoints;

/** What becomes of history while its store works, fails, hangs or comes back. */
class HistoryWriterTest {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    private static final Retention KEPT = new Retention(Duration.ofDays(7), Duration.ofDays(400), Duration.ofDays(30));

    private final FakeStore store = new FakeStore();
    private final HistoryWriter writer =
            new HistoryWriter(store::open, () -> KEPT, InstantSource.fixed(NOON.plusSeconds(3_600)), Thread::new);

    @AfterEach
    void close() {
        store.hanging.countDown();
        writer.close();
    }

    private void keep(int count) {
        for (int i = 0; i < count; i++) {
            writer.keep("default", 60, HistoryPoints.minute(NOON.plusSeconds(60L * i), i));
        }
    }

    private static void until(BooleanSupplier holds) {
        await("the writer gets there", holds);
    }

    @Test
    void rows_are_written_in_batches_in_their_order() {
        keep(1_200);

        until(() -> writer.status().written() == 1_200);

        assertThat(store.points)
                .extracting(each -> each.point().calls().calls())
                .isSorted();
        assertThat(store.largest).isBetween(2, 500);
        assertThat(writer.status().problem()).isEmpty();
    }

    @Test
    void what_waits_while_the_store_fails_is_written_once_it_works_again() {
        until(() -> writer.status().problem().isEmpty());
        store.failure = "disk full";
        keep(10);
        until(() -> writer.status().problem().equals("disk full"));
        assertThat(writer.status().waiting()).isEqualTo(10);
        assertThat(store.opened.get()).isPositive();

        store.failure = "";
        until(() -> writer.status().written() == 10);

        assertThat(writer.status().problem()).isEmpty();
        assertThat(writer.status().lost()).isZero();
        assertThat(store.points).hasSize(10);
        assertThat(store.closed.get()).isEqualTo(store.opened.get() - 1);
    }

    @Test
    @Timeout(60)
    void whoever_keeps_something_never_waits_and_what_finds_no_room_is_counted() {
        until(() -> writer.status().problem().isEmpty());
        store.hangs = true;
        keep(1);
        until(() -> store.hung.getCount() == 0);

        keep(30_000); // returns

        assertThat(writer.status().lost()).isEqualTo(10_000);
    }

    @Test
    @Timeout(60)
    void it_ends_soon_though_the_store_hangs_and_says_what_is_lost() {
        until(() -> writer.status().problem().isEmpty());
        store.hangs = true;
        keep(1);
        until(() -> store.hung.getCount() == 0);
        keep(4);

        writer.close();

        assertThat(writer.status().lost()).isEqualTo(5);
        assertThat(store.closed.get()).isPositive();
    }

    @Test
    void what_waits_is_written_before_it_ends() {
        keep(700);

        writer.close();

        assertThat(store.points).hasSize(700);
        keep(1);
        assertThat(writer.status().lost()).isEqualTo(1);
    }

    @Test
    void a_range_has_minutes_and_before_them_quarters_and_nothing_twice() {
        until(() -> writer.status().problem().isEmpty());
        HistoryPoint early = HistoryPoints.point(NOON, Duration.ofMinutes(15), 1);
        HistoryPoint late = HistoryPoints.point(NOON.plusSeconds(900), Duration.ofMinutes(15), 2);
        writer.keep("default", 900, early);
        writer.keep("default", 900, late);
        HistoryPoint minute = HistoryPoints.minute(NOON.plusSeconds(900), 3);
        writer.keep("default", 60, minute);
        until(() -> writer.status().written() == 3);

        assertThat(writer.points("default", NOON, NOON.plusSeconds(3_600), Duration.ofMinutes(1)))
                .containsExactly(early, minute);
        assertThat(writer.points("default", NOON, NOON.plusSeconds(3_600), Duration.ofMinutes(15)))
                .containsExactly(early, late);
        store.failure = "gone";
        assertThat(writer.points("default", NOON, NOON.plusSeconds(3_600), Duration.ofMinutes(1)))
                .isEmpty();
    }

    /** A store in memory that fails or hangs when it is told to. */
    private static final class FakeStore implements HistoryStore {
        private final List<KeptPoint> points = new ArrayList<>();
        private final AtomicInteger opened = new AtomicInteger();
        private final AtomicInteger closed = new AtomicInteger();
        private final CountDownLatch hung = new CountDownLatch(1);
        private final CountDownLatch hanging = new CountDownLatch(1);
        private volatile String failure = "";
        private volatile boolean hangs;
        private volatile int largest;

        HistoryStore open() throws HistoryException {
            work();
            opened.incrementAndGet();
            return this;
        }

        private void work() throws HistoryException {
            if (!failure.isEmpty()) {
                throw new HistoryException(failure, new IllegalStateException());
            }
            if (hangs) {
                hung.countDown();
                try {
                    hanging.await();
                } catch (InterruptedException e) {
                    throw new HistoryException("interrupted", e);
                }
                throw new HistoryException("hung", new IllegalStateException());
            }
        }

        @Override
        public synchronized void write(HistoryBatch batch) throws HistoryException {
            work();
            largest = Math.max(largest, batch.size());
            points.addAll(batch.points());
        }

        @Override
        public List<KeptPoint> points(String pool, int seconds, Instant from, Instant to) throws HistoryException {
            if (!failure.isEmpty()) {
                throw new HistoryException(failure, new IllegalStateException());
            }
            return points.stream().filter(each -> each.seconds() == seconds).toList();
        }

        @Override
        public List<KeptEvent> events(String pool, Instant from, Instant to, int limit) {
            return List.of();
        }

        @Override
        public long prune(Retention kept, Instant now) {
            return 0;
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }
}
