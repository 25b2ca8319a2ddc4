package org.vivarium.core.changes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.Actor;
import org.vivarium.core.log.Audit;
import org.vivarium.core.state.StateStore;
import org.vivarium.testing.CapturedLog;

/** A change log in a directory of its own for each test, and what its file holds. */
abstract class OpenedChangeLog {
    static final Actor ADA = new Actor("ada", "rest", "10.0.0.7");
    static final Instant NOON = Instant.parse("2026-11-29T12:00:00.120Z");

    @TempDir
    Path home;

    Instant now = NOON;
    CapturedLog audit;
    ChangeLog log;

    @BeforeEach
    void begin() {
        audit = new CapturedLog(Audit.LOGGER);
        log = opened();
    }

    @AfterEach
    void end() {
        log.close();
        audit.close();
    }

    ChangeLog opened() {
        return opened(ChangeLog.STANDARD);
    }

    ChangeLog opened(ChangeLog.Limits limits) {
        return new ChangeLog(home, new StateStore(home), () -> now, limits);
    }

    Path file() {
        return home.resolve("changes/changes.jsonl");
    }

    static Change limit(int from, int to) {
        return Change.of(ADA, "configure", "default")
                .about("parameter", "QueueLimit")
                .from(from, to);
    }

    void fill(int records) {
        IntStream.range(0, records).forEach(i -> log.record(limit(i, i + 1)));
    }

    List<String> lines() throws IOException {
        return new ArrayList<>(Files.readAllLines(file()));
    }
}
