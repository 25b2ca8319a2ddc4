package org.vivarium.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.vivarium.api.Actor;
import org.vivarium.api.CallOptions;
import org.vivarium.api.Payload;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.runtime.Operations;

/**
 * Kills either side while 10 MB are on their way, and looks for shared memory that is left. Argument: kills of each
 * side (default 50). With the argument {@code serve} it is the side that is killed.
 */
public final class MemoryAfterKills {
    private static final byte[] DATA = "{\"data\":{\"$bytes\":0}}".getBytes(UTF_8);
    private static final byte[] BYTES = new byte[10_000_000];

    private MemoryAfterKills() {}

    /** Runs everything. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        if (arguments.length > 0 && arguments[0].equals("serve")) {
            serve();
            return;
        }
        int kills = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 50;
        long before = sharedKilobytes();
        System.out.printf("before:                  shared memory %,d kB, files of it %d%n", before, files());
        killWorkers(kills);
        System.out.printf(
                "%d workers killed:       shared memory %+,d kB, files of it %d%n", kills, settled(before), files());
        killServers(kills);
        System.out.printf(
                "%d servers killed:       shared memory %+,d kB, files of it %d%n", kills, settled(before), files());
    }

    private static void killWorkers(int kills) throws IOException {
        try (Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), 2)) {
            new Operations(service.runtime())
                    .pool("default")
                    .configure(
                            Map.of("RestartLimit", 1000, "RestartWindowMillis", 1000, "BreakerFailures", 0),
                            Actor.SERVICE);
            SupervisedPool pool = service.runtime().pools().get("default");
            for (int i = 0; i < kills; i++) {
                CompletableFuture<?> call = echo(pool);
                LockSupport.parkNanos(1_000_000L * (i % 10));
                pool.control()
                        .workers()
                        .forEach(worker -> ProcessHandle.of(worker.pid()).ifPresent(ProcessHandle::destroyForcibly));
                call.handle((result, failure) -> true).join();
                Load.await("new workers", () -> pool.control().view().ready() == 2);
            }
            System.out.printf("files of memory that this process still has open: %d%n", open());
        }
    }

    private static void killServers(int kills) throws IOException, InterruptedException {
        for (int i = 0; i < kills; i++) {
            Process server = new ProcessBuilder(
                            ProcessHandle.current().info().command().orElseThrow(),
                            "-Dvivarium.root=" + System.getProperty("vivarium.root"),
                            "-cp",
                            System.getProperty("java.class.path"),
                            MemoryAfterKills.class.getName(),
                            "serve")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            server.inputReader().readLine(); // it is at it
            LockSupport.parkNanos(1_000_000L * (i % 20));
            List<ProcessHandle> all = server.descendants().toList();
            server.destroyForcibly().waitFor();
            Load.await("the end of its processes", () -> all.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    private static void serve() throws IOException {
        Service service = new Service(Files.createTempDirectory("vivarium-benchmark"), 2);
        SupervisedPool pool = service.runtime().pools().get("default");
        echo(pool).join();
        System.out.println("serving");
        while (true) {
            CompletableFuture.allOf(echo(pool), echo(pool)).join();
        }
    }

    private static CompletableFuture<?> echo(SupervisedPool pool) {
        return pool.calls()
                .callAsync(
                        "echo_bytes",
                        new Payload(DATA, List.of(BYTES)),
                        CallOptions.DEFAULT,
                        ForkJoinPool.commonPool());
    }

    /** Returns how much more shared memory the machine has than {@code before}, once that has settled. */
    private static long settled(long before) throws IOException {
        long more = sharedKilobytes() - before;
        for (int i = 0; i < 100 && more > 0; i++) {
            LockSupport.parkNanos(10_000_000);
            more = sharedKilobytes() - before;
        }
        return more;
    }

    private static long sharedKilobytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("Shmem:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .sum();
    }

    private static long files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/dev/shm"))) {
            return files.count();
        }
    }

    private static long open() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors
                    .filter(descriptor -> {
                        try {
                            return Files.readSymbolicLink(descriptor).toString().contains("memfd:vivarium");
                        } catch (IOException e) {
                            return false; // closed meanwhile: that of this very list
                        }
                    })
                    .count();
        }
    }
}
