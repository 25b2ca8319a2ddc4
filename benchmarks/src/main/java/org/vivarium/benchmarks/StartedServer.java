package org.vivarium.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** A server in processes of its own, and the processor time that these have used. */
final class StartedServer implements AutoCloseable {
    private static final long PATIENCE_NANOS = Duration.ofMinutes(3).toNanos();
    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private final Process process;
    private final Path log;

    /** Starts {@code command}, which writes to {@code log}. */
    StartedServer(List<String> command, Path log) throws IOException {
        this.log = log;
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        this.process = builder.redirectOutput(log.toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(this::close)); // also when the benchmark itself is ended
    }

    /** Waits until {@code request} is answered with status 200. */
    void await(int port, String request) throws IOException {
        long start = System.nanoTime();
        while (true) {
            try (HttpConnection connection = new HttpConnection(port, request)) {
                connection.exchange();
                return;
            } catch (IOException | UncheckedIOException e) {
                if (!process.isAlive() || System.nanoTime() - start > PATIENCE_NANOS) {
                    throw new IOException("no server at port " + port + "; see " + log, e);
                }
                LockSupport.parkNanos(PAUSE_NANOS); // not there yet
            }
        }
    }

    /** Returns the processor time of those processes of the server whose executable begins with {@code program}. */
    Duration used(String program) {
        return processes()
                .filter(one -> one.info().command().stream().anyMatch(path -> isNamed(path, program)))
                .flatMap(one -> one.info().totalCpuDuration().stream())
                .reduce(Duration.ZERO, Duration::plus);
    }

    private static boolean isNamed(String executable, String program) {
        return executable.substring(executable.lastIndexOf('/') + 1).startsWith(program);
    }

    private Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    @Override
    public void close() {
        List<ProcessHandle> all = processes().toList();
        process.destroy();
        all.forEach(one -> one.onExit().join());
    }
}
