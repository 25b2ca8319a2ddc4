package org.vivarium.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;

/**
 * The service in a JVM of its own, with one idle worker and others that sleep, spin and have children, to be killed by
 * a test. Prints one line once all are at it: its run id.
 */
public final class ServiceMain {
    private static final List<String> BUSY = List.of("sleep", "spin", "with_subprocess", "with_child");

    /** Guardian, fork server, all workers, two subprocesses and one forked child. */
    public static final int PROCESSES = 2 + BUSY.size() + 1 + 3;

    private ServiceMain() {}

    public static void main(String... arguments) throws IOException {
        int workers = BUSY.size() + 1;
        RunningService service =
                new RunningService(Path.of(arguments[0]), RunningService.examplesAndMisbehaviour(workers));
        Runtime.getRuntime().addShutdownHook(new Thread(service::close));
        service.awaitReady(workers);
        List<CompletableFuture<Payload>> calls = BUSY.stream()
                .map(program -> service.operations()
                        .pool("default")
                        .callAsync(program, Payload.of("{\"seconds\":300}".getBytes(UTF_8)), CallOptions.DEFAULT))
                .toList();
        RunningService.await(
                "all at it",
                () -> service.view().busy() == BUSY.size()
                        && ProcessHandle.current().descendants().count() == PROCESSES);
        System.out.println(service.runtime().host().run().runId());
        CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)).join();
    }
}
