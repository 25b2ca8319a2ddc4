package org.vivarium.adapter.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.core.history.HistoryStore;

/** History in a file below the home directory. */
class HistoryInH2Test extends HistoryContract {
    @TempDir
    private Path home;

    @Override
    Database database() {
        return Database.embedded(home);
    }

    @Override
    HistoryStore.Opener opener() {
        return JdbcHistory.embedded(home);
    }

    @Test
    void the_file_is_where_the_documentation_says() throws Exception {
        opener().open().close();

        assertThat(Files.size(home.resolve("history/vivarium.mv.db"))).isPositive();
    }
}
