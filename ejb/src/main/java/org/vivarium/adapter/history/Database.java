package org.vivarium.adapter.history;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.vivarium.core.history.HistoryException;

/**
 * Where the tables are.
 *
 * @param source makes connections; each belongs to whoever asked for it
 * @param words what a person calls the place; without the password
 */
record Database(DataSource source, Dialect dialect, String words) {
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final String POSTGRESQL = "jdbc:postgresql:";
    private static final String H2 = "jdbc:h2:";

    /** Returns the file {@code history/vivarium.mv.db} below {@code home}, which is made if it is missing. */
    static Database embedded(Path home) {
        Path file = home.resolve("history").resolve("vivarium").toAbsolutePath();
        // the lock of the file system, because the other kind needs a thread that outlives us
        return h2(H2 + "file:" + file + ";FILE_LOCK=FS;DB_CLOSE_ON_EXIT=FALSE;WRITE_DELAY=500", "", "");
    }

    private static Database h2(String url, String user, String password) {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL(url);
        source.setUser(user);
        source.setPassword(password);
        return new Database(source, Dialect.H2, url.split(";", 2)[0]);
    }

    /**
     * Returns the database of an address.
     *
     * @throws HistoryException if it is of a kind that is not known
     */
    static Database at(String url, String user, String password) throws HistoryException {
        if (url.startsWith(H2)) {
            return h2(url, user, password);
        }
        if (!url.startsWith(POSTGRESQL)) {
            throw new HistoryException(
                    "vivarium.history.url must begin with " + POSTGRESQL + " or " + H2, new IllegalArgumentException());
        }
        try {
            PGSimpleDataSource source = new PGSimpleDataSource();
            source.setURL(url);
            source.setUser(user);
            source.setPassword(password);
            source.setConnectTimeout(Math.toIntExact(CONNECT_WITHIN.toSeconds()));
            source.setLoginTimeout(Math.toIntExact(CONNECT_WITHIN.toSeconds()));
            source.setSocketTimeout(Math.toIntExact(ANSWER_WITHIN.toSeconds()));
            source.setApplicationName("vivarium");
            return new Database(source, Dialect.POSTGRESQL, url.split("[?]", 2)[0]);
        } catch (IllegalArgumentException e) {
            throw new HistoryException("vivarium.history.url is no address of PostgreSQL", e);
        }
    }

    /** Returns the database of a data source of the server, which says itself what it is. */
    static Database of(DataSource source, String name) throws HistoryException {
        try (var connection = source.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            return switch (product) {
                case "H2" -> new Database(source, Dialect.H2, name);
                case "PostgreSQL" -> new Database(source, Dialect.POSTGRESQL, name);
                default ->
                    throw new HistoryException(
                            "data source " + name + " is of " + product + "; use PostgreSQL or H2",
                            new SQLFeatureNotSupportedException(product));
            };
        } catch (SQLException e) {
            throw new HistoryException("data source " + name + " cannot be used: " + e.getMessage(), e);
        }
    }
}
