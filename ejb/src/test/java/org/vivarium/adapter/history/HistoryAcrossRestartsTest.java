package org.vivarium.adapter.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.view.StoredHistoryView;
import org.vivarium.api.view.metrics.RangePoint;
import org.vivarium.core.changes.ChangeRecorder;
import org.vivarium.core.config.ConfigurationReader;
import org.vivarium.core.config.ConfigurationSources;
import org.vivarium.core.config.SavedValues;
import org.vivarium.core.history.HistoryBatch;
import org.vivarium.core.history.HistoryStore;
import org.vivarium.core.history.KeptEvent;
import org.vivarium.core.history.KeptPoint;
import org.vivarium.core.runtime.Lasting;
import org.vivarium.testing.HistoryPoints;
import org.vivarium.testing.PostgresServer;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** What is known of a pool after a restart, and what calls notice of a database that goes. */
@StartsProcesses
class HistoryAcrossRestartsTest {
    @TempDir
    private Path home;

    private RunningService start(HistoryStore.Opener opener) throws Exception {
        RunningService service = new RunningService(
                home,
                examples -> new ConfigurationReader(new ConfigurationSources(
                                RunningService.examples(2), Optional.empty(), Map.of(), Map.of(), examples))
                        .read(),
                new Lasting(ChangeRecorder.auditOnly(), SavedValues.inMemory(), database -> opener));
        await("both workers are ready", () -> service.view().ready() == 2);
        return service;
    }

    private static StoredHistoryView status(RunningService service) {
        return service.runtime().history().status();
    }

    private static List<RangePoint> range(RunningService service, Instant from, Duration length) {
        return service.operations()
                .pool("default")
                .numbers()
                .range(from, from.plus(length), Duration.ofMinutes(15))
                .points();
    }

    private void isThereAfterARestart(HistoryStore.Opener opener) throws Exception {
        Instant yesterday = Instant.now().minus(Duration.ofDays(1));
        try (HistoryStore store = opener.open()) {
            store.write(new HistoryBatch(
                    List.of(new KeptPoint("default", 900, HistoryPoints.point(yesterday, Duration.ofMinutes(15), 77))),
                    List.of()));
        }
        Instant before = Instant.now();
        try (RunningService service = start(opener)) {
            assertThat(range(service, yesterday.minusSeconds(60), Duration.ofHours(1)))
                    .extracting(RangePoint::samples)
                    .containsExactly(77L);
            for (int i = 0; i < 5; i++) {
                service.call("echo", "{\"text\":\"x\"}");
            }
            await("a slot of 5 s has ended", () -> {
                service.runtime().metrics().refresh();
                return range(service, before.minusSeconds(60), Duration.ofHours(1)).stream()
                                .mapToLong(RangePoint::samples)
                                .sum()
                        == 5;
            });
        }
        try (RunningService service = start(opener)) {
            assertThat(range(service, before.minusSeconds(60), Duration.ofMinutes(30)))
                    .as("what was forming when the service ended is there as well")
                    .extracting(RangePoint::samples)
                    .containsExactly(5L);
            assertThat(service.runtime().history().events("default", before, Instant.now(), 1_000))
                    .extracting(KeptEvent::type)
                    .contains("pool.init", "worker.transition")
                    .doesNotContain("call.stop");
        }
    }

    @Test
    void yesterday_is_known_after_a_restart_with_the_file() throws Exception {
        isThereAfterARestart(JdbcHistory.embedded(home));
    }

    @Test
    void yesterday_is_known_after_a_restart_with_postgresql() throws Exception {
        try (PostgresServer server = PostgresServer.start()) {
            isThereAfterARestart(JdbcHistory.at(server.url(), server.user(), server.password()));
        }
    }

    @Test
    void no_call_notices_a_database_that_is_killed_or_hangs_and_history_goes_on_by_itself() throws Exception {
        try (PostgresServer server = PostgresServer.start();
                RunningService service = start(JdbcHistory.at(server.url(), server.user(), server.password()))) {
            await(
                    "it is written",
                    () -> status(service).problem().isEmpty() && status(service).written() > 0);
            ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
            AtomicLong calls = new AtomicLong();
            AtomicBoolean over = new AtomicBoolean();
            Thread caller = new Thread(() -> {
                while (!over.get()) {
                    try {
                        service.call("echo", "{\"text\":\"x\"}");
                        calls.incrementAndGet();
                    } catch (RuntimeException e) {
                        failures.add(e);
                    }
                }
            });
            caller.start();
            try {
                server.down();
                keepPoints(service);
                await("the problem is told", () -> !status(service).problem().isEmpty());
                long waiting = status(service).waiting();
                assertThat(waiting).isPositive();
                server.up();
                await(
                        "it is written again",
                        () -> status(service).problem().isEmpty()
                                && status(service).waiting() == 0);

                long before = calls.get();
                server.signal("STOP");
                keepPoints(service);
                await("calls go on while it hangs", () -> calls.get() > before + 100);
                server.signal("CONT");
                await("it is written once more", () -> status(service).waiting() == 0);
            } finally {
                over.set(true);
                caller.join();
            }
            assertThat(failures).isEmpty();
            assertThat(status(service).lost()).isZero();
        }
    }

    private static void keepPoints(RunningService service) {
        List<KeptPoint> points = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            points.add(new KeptPoint("default", 60, HistoryPoints.minute(Instant.now(), i)));
        }
        points.forEach(each -> service.runtime().history().keep(each.pool(), each.seconds(), each.point()));
    }
}
