package org.vivarium.adapter.history;

import java.nio.file.Path;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Collections;
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
     * Takes the drivers that came with us out of the JVM's list, in which they enter themselves, so that nothing of us
     * stays; once all stores are closed.
     */
    public static void forgetDrivers() {
        ClassLoader ours = Flyway.class.getClassLoader();
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (ours.equals(driver.getClass().getClassLoader())) {
                forget(driver);
            }
        }
    }

    private static void forget(Driver driver) {
        try {
            DriverManager.deregisterDriver(driver);
        } catch (SQLException e) {
            LOG.warn("{} stays in the list of drivers", driver, e);
        }
    }
}
