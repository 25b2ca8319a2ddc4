package org.vivarium.adapter.history;

import java.nio.file.Path;
import java.sql.SQLException;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.config.DatabaseSettings;
import org.vivarium.core.history.HistoryException;
import org.vivarium.core.history.HistoryStore;

/** Finds the database that is configured. */
public final class HistoryOpener {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryOpener.class);

    private HistoryOpener() {}

    /**
     * Returns what opens the database: of the data source, else of the address, else the file.
     *
     * @param home below which the file is
     */
    public static HistoryStore.Opener of(DatabaseSettings settings, Path home) {
        if (!settings.dataSource().isEmpty()) {
            return () -> JdbcHistory.open(Database.of(find(settings.dataSource()), settings.dataSource()));
        }
        return settings.url().isEmpty()
                ? JdbcHistory.embedded(home)
                : JdbcHistory.at(settings.url(), settings.user(), settings.password());
    }

    @SuppressWarnings("BanJNDI") // a name of the configuration's own files, in the server's own tree
    private static DataSource find(String name) throws HistoryException {
        try {
            if (new InitialContext().lookup(name) instanceof DataSource source) {
                return source;
            }
            throw new HistoryException(name + " is no data source", new IllegalArgumentException(name));
        } catch (NamingException e) {
            throw new HistoryException("there is no data source " + name + " in this server", e);
        }
    }

    /**
     * Takes the drivers that came with us out of the JVM's list, in which they enter themselves once their classes are
     * initialized, so that nothing of us stays; once all stores are closed. The drivers are not looked for in that
     * list: to look initializes classes of the same names.
     */
    public static void forgetDrivers() {
        try {
            if (org.postgresql.Driver
                    .isRegistered()) { // initialized by this at the latest, it never enters itself again
                org.postgresql.Driver.deregister();
            }
        } catch (SQLException e) {
            LOG.warn("the driver of PostgreSQL stays in the list of drivers", e);
        }
        if (Flyway.class.getClassLoader().equals(org.h2.Driver.class.getClassLoader())) { // else it is the server's own
            org.h2.Driver.unload();
        }
    }
}
