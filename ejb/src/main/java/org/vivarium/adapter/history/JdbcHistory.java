package org.vivarium.adapter.history;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.history.HistoryBatch;
import org.vivarium.core.history.HistoryException;
import org.vivarium.core.history.HistoryStore;
import org.vivarium.core.history.KeptEvent;
import org.vivarium.core.history.KeptPoint;
import org.vivarium.core.history.PointCodec;
import org.vivarium.core.history.Retention;

/** History in two tables. One connection writes and is kept; each reading has one of its own. Thread safe. */
public final class JdbcHistory implements HistoryStore {
    private static final Logger LOG = LoggerFactory.getLogger(JdbcHistory.class);
    private static final int ANSWER_WITHIN_SECONDS = 10;
    private static final int LONGEST_SUBJECT = 200;
    private static final int LONGEST_DETAILS = 4_000;

    private final Database database;
    private final Connection writing;
    private final Set<Connection> reading = ConcurrentHashMap.newKeySet();

    private JdbcHistory(Database database, Connection writing) {
        this.database = database;
        this.writing = writing;
    }

    /** Returns what opens the file below {@code home}. */
    public static Opener embedded(Path home) {
        return () -> open(Database.embedded(home));
    }

    /** Returns what opens the database of an address, such as {@code jdbc:postgresql://host/name}. */
    public static Opener at(String url, String user, String password) {
        return () -> open(Database.at(url, user, password));
    }

    static JdbcHistory open(Database database) throws HistoryException {
        Migrations.bring(database.source(), database.dialect());
        try {
            Connection connection = database.source().getConnection();
            connection.setAutoCommit(false);
            return new JdbcHistory(database, connection);
        } catch (SQLException e) {
            throw failed(database, "opened", e);
        }
    }

    private static HistoryException failed(Database database, String what, SQLException cause) {
        return new HistoryException(database.words() + " cannot be " + what + ": " + cause.getMessage(), cause);
    }

    @Override
    public void write(HistoryBatch batch) throws HistoryException {
        try {
            insertPoints(batch.points());
            insertEvents(batch.events());
            writing.commit();
        } catch (SQLException e) {
            throw failed(database, "written", e); // whoever holds us closes us, and nothing was committed
        }
    }

    private void insertPoints(List<KeptPoint> points) throws SQLException {
        if (points.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = prepared(
                writing,
                "insert into vivarium_points (pool, seconds, started, calls, errors, utilization, most_waiting,"
                        + " total_p50_millis, total_p99_millis, content) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            for (KeptPoint kept : points) {
                var shown = kept.point().view(kept.point().start());
                insert.setString(1, kept.pool());
                insert.setInt(2, kept.seconds());
                insert.setObject(3, at(kept.point().start()));
                insert.setLong(4, shown.samples());
                insert.setLong(5, kept.point().calls().errors());
                number(insert, 6, shown.utilization());
                insert.setInt(7, shown.mostWaiting());
                number(insert, 8, shown.total().p50Millis());
                number(insert, 9, shown.total().p99Millis());
                insert.setBytes(10, PointCodec.encode(kept.point()));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static void number(PreparedStatement statement, int place, double number) throws SQLException {
        if (Double.isNaN(number)) {
            statement.setNull(place, Types.DOUBLE);
        } else {
            statement.setDouble(place, number);
        }
    }

    private void insertEvents(List<KeptEvent> events) throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = prepared(
                writing,
                "insert into vivarium_events (happened, pool, type, subject, details) values (?, ?, ?, ?, ?)")) {
            for (KeptEvent event : events) {
                insert.setObject(1, at(event.at()));
                insert.setString(2, event.pool());
                insert.setString(3, event.type());
                insert.setString(4, cut(event.subject(), LONGEST_SUBJECT));
                insert.setString(5, cut(event.details(), LONGEST_DETAILS));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static String cut(String text, int most) {
        String plain = text.replace('\0', ' '); // PostgreSQL has no such character
        return plain.length() <= most ? plain : plain.substring(0, most);
    }

    @Override
    public List<KeptPoint> points(String pool, int seconds, Instant from, Instant to) throws HistoryException {
        return read(connection -> {
            try (PreparedStatement query = prepared(
                    connection,
                    "select started, content from vivarium_points where pool = ? and seconds = ? and started >= ? and"
                            + " started < ? order by started")) {
                query.setString(1, pool);
                query.setInt(2, seconds);
                query.setObject(3, at(from));
                query.setObject(4, at(to));
                List<KeptPoint> points = new ArrayList<>();
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        addPoint(points, pool, seconds, rows);
                    }
                }
                return points;
            }
        });
    }

    private static void addPoint(List<KeptPoint> points, String pool, int seconds, ResultSet row) throws SQLException {
        Instant start = row.getObject(1, OffsetDateTime.class).toInstant();
        try {
            points.add(new KeptPoint(pool, seconds, PointCodec.decode(start, row.getBytes(2))));
        } catch (IllegalArgumentException e) { // somebody wrote it by hand, or a later version did
            LOG.warn("the point of pool '{}' at {} cannot be read and is left out: {}", pool, start, e.getMessage());
        }
    }

    @Override
    public List<KeptEvent> events(String pool, Instant from, Instant to, int limit) throws HistoryException {
        return read(connection -> {
            try (PreparedStatement query = prepared(
                    connection,
                    "select happened, pool, type, subject, details from vivarium_events where happened >= ? and"
                            + " happened < ? and (? = '' or pool = ?) order by happened desc limit ?")) {
                query.setObject(1, at(from));
                query.setObject(2, at(to));
                query.setString(3, pool);
                query.setString(4, pool);
                query.setInt(5, limit);
                List<KeptEvent> events = new ArrayList<>();
                try (ResultSet rows = query.executeQuery()) {
                    while (rows.next()) {
                        events.add(new KeptEvent(
                                rows.getObject(1, OffsetDateTime.class).toInstant(),
                                rows.getString(2),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getString(5)));
                    }
                }
                return events;
            }
        });
    }

    @Override
    public long prune(Retention kept, Instant now) throws HistoryException {
        try {
            long gone = delete("vivarium_points where seconds = 60 and started < ?", now, kept.minutes())
                    + delete("vivarium_points where seconds = 900 and started < ?", now, kept.quarters())
                    + delete("vivarium_events where happened < ?", now, kept.events());
            writing.commit();
            return gone;
        } catch (SQLException e) {
            throw failed(database, "written", e);
        }
    }

    private long delete(String what, Instant now, Duration kept) throws SQLException {
        try (PreparedStatement delete = prepared(writing, "delete from " + what)) {
            delete.setObject(1, at(now.minus(kept)));
            return delete.executeUpdate();
        }
    }

    /** Reads something with a connection. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(Connection connection) throws SQLException;
    }

    private <T> T read(Reading<T> what) throws HistoryException {
        try (Connection connection = database.source().getConnection()) {
            reading.add(connection);
            try {
                return what.from(connection);
            } finally {
                reading.remove(connection);
            }
        } catch (SQLException e) {
            throw failed(database, "read", e);
        }
    }

    private static PreparedStatement prepared(Connection connection, String sql) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        statement.setQueryTimeout(ANSWER_WITHIN_SECONDS);
        return statement;
    }

    private static OffsetDateTime at(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    @Override
    public void close() {
        reading.forEach(this::abort);
        abort(writing);
    }

    /** Ends a connection, also while another thread waits for its answer; on this thread. */
    private void abort(Connection connection) {
        try {
            if (database.dialect() == Dialect.H2) {
                connection.close(); // which closes the file with the last one
            } else {
                connection.abort(Runnable::run);
            }
        } catch (SQLException e) {
            LOG.debug("closing {}", database.words(), e);
        }
    }
}
