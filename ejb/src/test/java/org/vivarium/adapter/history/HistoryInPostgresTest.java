package org.vivarium.adapter.history;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.vivarium.core.history.HistoryException;
import org.vivarium.core.history.HistoryStore;
import org.vivarium.testing.PostgresServer;
import org.vivarium.testing.StartsProcesses;

/** History in a real PostgreSQL. */
@StartsProcesses
class HistoryInPostgresTest extends HistoryContract {
    private PostgresServer server;

    @BeforeEach
    void start() throws Exception {
        server = PostgresServer.start();
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.close();
        }
    }

    @Override
    Database database() throws HistoryException {
        return Database.at(server.url(), server.user(), server.password());
    }

    @Override
    HistoryStore.Opener opener() {
        return JdbcHistory.at(server.url(), server.user(), server.password());
    }
}
