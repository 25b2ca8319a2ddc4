package org.vivarium.core.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;
import org.vivarium.api.LogLevel;
import org.vivarium.testing.CapturedLog;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Levels of Python loggers, from an operator to what a real worker logs. */
@StartsProcesses
class LoggersTest {
    @TempDir
    Path directory;

    @Test
    void a_level_reaches_a_running_call_and_a_later_worker() throws Exception {
        Files.writeString(directory.resolve("chatty.py"), """
                import logging
                import time

                from vivarium_worker import on_start, program

                log = logging.getLogger("chatty.inner")

                @on_start
                def begin():
                    log.debug("a worker begins")

                @program
                def until_told() -> str:
                    for _ in range(20_000):
                        if log.isEnabledFor(logging.DEBUG):
                            log.debug("at last")
                            return "told"
                        time.sleep(0.001)
                    return "never told"
                """);
        String text = """
                vivarium.pools.default {
                  workers { minimum = 1, maximum = 1 }
                  recovery.heartbeat = 100 ms
                  python { path = ["%s"], programs = [chatty] }
                }
                """.formatted(directory);

        try (CapturedLog log = new CapturedLog("vivarium.python.default");
                RunningService service = new RunningService(directory, text)) {
            ((Logger) LoggerFactory.getLogger("vivarium.python.default")).setLevel(Level.DEBUG);
            service.awaitReady(1);
            CompletableFuture<String> call = RunningService.inBackground(() -> service.call("until_told", "{}"));
            await("the call", () -> !service.control().inFlight().isEmpty());
            service.control().setLoggerLevel("chatty", LogLevel.DEBUG, Actor.SERVICE);

            assertThat(call.get()).isEqualTo("\"told\"");
            await("its record", () -> log.messages().contains("DEBUG chatty.inner: at last"));
            assertThat(log.messages()).doesNotContain("DEBUG chatty.inner: a worker begins");
            service.control().recycle("default-1", Actor.SERVICE);
            await("the next worker", () -> log.messages().contains("DEBUG chatty.inner: a worker begins"));
        }
    }
}
