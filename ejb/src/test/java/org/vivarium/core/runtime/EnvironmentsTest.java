package org.vivarium.core.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.testing.RunningService.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.testing.RunningService;
import org.vivarium.testing.StartsProcesses;

/** Pools beside each other, each with a Python of its own. */
@StartsProcesses
class EnvironmentsTest {
    @TempDir
    Path directory;

    @Test
    void two_pools_use_different_versions_of_one_module_from_virtual_environments_of_their_own() throws Exception {
        Files.writeString(directory.resolve("flavours.py"), """
                import sys

                import flavour
                from vivarium_worker import program

                @program
                def taste() -> str:
                    return flavour.VERSION + " in " + sys.prefix
                """);
        Path one = virtualEnvironment("one");
        Path two = virtualEnvironment("two");
        String text = pool("default", one, "flavours") + pool("other", two, "flavours");

        try (RunningService service = new RunningService(directory, text)) {
            await(
                    "both",
                    () -> service.runtime().pools().values().stream()
                            .allMatch(pool -> pool.control().view().ready() == 1));
            assertThat(taste(service, "default")).isEqualTo("\"version of one in " + one + "\"");
            assertThat(taste(service, "other")).isEqualTo("\"version of two in " + two + "\"");
        }
    }

    @Test
    void a_fork_server_with_threads_refuses_to_fork_and_says_which_and_whose() throws Exception {
        Files.writeString(directory.resolve("threaded.py"), """
                import threading
                import time

                threading.Thread(target=time.sleep, args=(600,), name="pump", daemon=True).start()
                """);

        try (RunningService service = new RunningService(directory, pool("default", null, "threaded"))) {
            await("the problem", () -> service.view().problem() != null);

            assertThat(service.view().problem())
                    .contains("could not be forked: ")
                    .contains("lack the threads that were started while module 'threaded' was imported: pump, and")
                    .contains("@on_start", "python.start-method = spawn", "python.allow-inherited = [\"threaded\"]");
            assertThat(service.view().state()).isEqualTo("BROKEN");
        }
    }

    private String pool(String name, Path environment, String module) {
        return """
                vivarium.pools.%s {
                  workers.minimum = 1
                  python { interpreter = "%s", path = ["%s"], programs = [%s] }
                }
                """.formatted(
                        name, environment == null ? "python3" : environment.resolve("bin/python"), directory, module);
    }

    private Path virtualEnvironment(String name) throws IOException, InterruptedException {
        Path made = directory.resolve(name);
        Process process = new ProcessBuilder("python3", "-m", "venv", "--without-pip", made.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).as("python3 -m venv").isZero();
        try (Stream<Path> versions = Files.list(made.resolve("lib"))) {
            Path packages = versions.findFirst().orElseThrow().resolve("site-packages");
            Files.writeString(packages.resolve("flavour.py"), "VERSION = 'version of " + name + "'\n");
        }
        return made;
    }

    private static String taste(RunningService service, String pool) {
        byte[] result = service.operations()
                .pool(pool)
                .call("taste", Payload.of("{}".getBytes(UTF_8)), CallOptions.DEFAULT)
                .json();
        return new String(result, UTF_8);
    }
}
