package org.vivarium.adapter.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.vivarium.core.history.HistoryBatch;
import org.vivarium.core.history.HistoryException;
import org.vivarium.core.history.HistoryStore;
import org.vivarium.core.history.KeptEvent;
import org.vivarium.core.history.KeptPoint;
import org.vivarium.core.history.Retention;
import org.vivarium.testing.HistoryPoints;

/** What every database must do for history. */
abstract class HistoryContract {
    private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

    abstract Database database() throws Exception;

    abstract HistoryStore.Opener opener() throws Exception;

    private static KeptPoint minute(int offset) {
        return new KeptPoint("default", 60, HistoryPoints.minute(NOON.plusSeconds(60L * offset), 10 + offset));
    }

    private static HistoryBatch batch(List<KeptPoint> points) {
        return new HistoryBatch(points, List.of());
    }

    @Test
    void what_was_written_is_read_by_the_next_who_opens_it() throws Exception {
        try (HistoryStore store = opener().open()) {
            store.write(batch(List.of(minute(0), minute(1), minute(2))));
        }
        try (HistoryStore store = opener().open()) {
            List<KeptPoint> read = store.points("default", 60, NOON.plusSeconds(60), NOON.plusSeconds(180));

            assertThat(read)
                    .extracting(each -> each.point().start())
                    .containsExactly(NOON.plusSeconds(60), NOON.plusSeconds(120));
            assertThat(read.get(0).point().view(NOON))
                    .isEqualTo(minute(1).point().view(NOON));
            assertThat(read.get(0).point().calls().errors()).isEqualTo(2);
            assertThat(store.points("other", 60, NOON, NOON.plusSeconds(600))).isEmpty();
            assertThat(store.points("default", 900, NOON, NOON.plusSeconds(600)))
                    .isEmpty();
        }
    }

    @Test
    void events_are_read_newest_first_of_one_pool_or_of_all() throws Exception {
        try (HistoryStore store = opener().open()) {
            store.write(new HistoryBatch(
                    List.of(),
                    List.of(
                            new KeptEvent(NOON, "a", "worker.died", "a-1", "{\"x\":\"é\\u0000\"}"),
                            new KeptEvent(NOON.plusMillis(1), "b", "worker.died", "b-1\0", "{}"),
                            new KeptEvent(NOON.plusMillis(2), "a", "pool.resized", "", "x".repeat(5_000)))));

            assertThat(store.events("", NOON, NOON.plusSeconds(1), 2))
                    .extracting(KeptEvent::pool)
                    .containsExactly("a", "b");
            assertThat(store.events("a", NOON, NOON.plusSeconds(1), 10))
                    .extracting(KeptEvent::type)
                    .containsExactly("pool.resized", "worker.died");
        }
    }

    @Test
    void what_is_too_old_goes() throws Exception {
        try (HistoryStore store = opener().open()) {
            KeptPoint quarter = new KeptPoint("default", 900, HistoryPoints.point(NOON, Duration.ofMinutes(15), 3));
            store.write(new HistoryBatch(
                    List.of(minute(0), minute(90), quarter), List.of(new KeptEvent(NOON, "a", "t", "", ""))));

            long gone = store.prune(
                    new Retention(Duration.ofHours(1), Duration.ofDays(1), Duration.ofHours(1)),
                    NOON.plus(Duration.ofMinutes(61)));

            assertThat(gone).isEqualTo(2);
            assertThat(store.points("default", 60, Instant.EPOCH, NOON.plusSeconds(9_000)))
                    .hasSize(1);
            assertThat(store.points("default", 900, Instant.EPOCH, NOON.plusSeconds(9_000)))
                    .hasSize(1);
        }
    }

    @Test
    void a_point_that_cannot_be_read_is_left_out() throws Exception {
        try (HistoryStore store = opener().open()) {
            store.write(batch(List.of(minute(0), minute(1))));
            try (Connection connection = database().source().getConnection();
                    var update =
                            connection.prepareStatement("update vivarium_points set content = ? where calls = 10")) {
                update.setBytes(1, new byte[] {1, 2, 3});
                assertThat(update.executeUpdate()).isEqualTo(1);
            }

            assertThat(store.points("default", 60, NOON, NOON.plusSeconds(600)))
                    .extracting(each -> each.point().start())
                    .containsExactly(NOON.plusSeconds(60));
        }
    }

    @Test
    void tables_of_a_later_version_are_refused() throws Exception {
        opener().open().close();
        try (Connection connection = database().source().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "insert into \"vivarium_schema_history\" (\"installed_rank\", \"version\", \"description\","
                            + " \"type\", \"script\", \"checksum\", \"installed_by\", \"execution_time\", \"success\") values (7,"
                            + " '999', 'later', 'JDBC', 'x', 1, 'x', 1, true)");
        }

        assertThatThrownBy(() -> opener().open())
                .isInstanceOf(HistoryException.class)
                .hasMessageStartingWith("the tables of the history store cannot be made: ");
    }
}
