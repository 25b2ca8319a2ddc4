package org.vivarium.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real PostgreSQL of its own, on a free port of the loopback interface, with a password. PostgreSQL refuses to run as
 * root: there it runs as the user that Debian's package makes.
 */
public final class PostgresServer implements AutoCloseable {
    private static final String PASSWORD = "vivarium-test-only";
    private static final String SYSTEM_USER = "postgres";

    private final Path binaries;
    private final Path directory;
    private final int port;

    private PostgresServer(Path binaries, Path directory, int port) {
        this.binaries = binaries;
        this.directory = directory;
        this.port = port;
    }

    /** Starts one; without PostgreSQL on this machine the test is skipped, but fails where {@code CI} is set. */
    public static PostgresServer start() throws IOException {
        Path binaries = binaries();
        if (binaries == null && System.getenv("CI") != null) {
            throw new IllegalStateException("PostgreSQL is missing: apt-get install postgresql");
        }
        assumeTrue(binaries != null, "PostgreSQL is not installed");
        Path directory = Files.createTempDirectory("vivarium-postgres");
        PostgresServer server = new PostgresServer(binaries, directory, freePort());
        server.initialize();
        server.up();
        return server;
    }

    private static Path binaries() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return null;
        }
        try (Stream<Path> found = Files.list(versions)) {
            return found.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void initialize() throws IOException {
        Path password = Files.writeString(directory.resolve("password"), PASSWORD);
        if (isRoot()) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            run(List.of("chown", "-R", SYSTEM_USER, directory.toString()));
        }
        asUser(
                "initdb",
                "--pgdata=" + data(),
                "--username=vivarium",
                "--auth=scram-sha-256",
                "--pwfile=" + password,
                "--encoding=UTF8",
                "--no-sync");
        String settings = "listen_addresses = '127.0.0.1'\nport = %d\nunix_socket_directories = ''\nfsync = off\n"
                .formatted(port);
        Files.writeString(data().resolve("postgresql.conf"), settings, java.nio.file.StandardOpenOption.APPEND);
    }

    private Path data() {
        return directory.resolve("data");
    }

    /** Starts the server, which must be down. */
    public void up() throws IOException {
        asUser("pg_ctl", "--pgdata=" + data(), "--log=" + directory.resolve("log"), "--wait", "start");
    }

    /** Ends the server at once, as if the machine had gone. */
    public void down() throws IOException {
        asUser("pg_ctl", "--pgdata=" + data(), "--mode=immediate", "--wait", "stop");
    }

    /** Stops all processes of the server without ending them, or lets them go on. */
    public void signal(String signal) throws IOException {
        long postmaster = Long.parseLong(
                Files.readAllLines(data().resolve("postmaster.pid")).get(0).strip());
        List<String> pids = new ArrayList<>(List.of(String.valueOf(postmaster)));
        ProcessHandle.of(postmaster).orElseThrow().descendants().forEach(each -> pids.add(String.valueOf(each.pid())));
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        command.addAll(pids);
        run(command);
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public String user() {
        return "vivarium";
    }

    public String password() {
        return PASSWORD;
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private void asUser(String command, String... arguments) throws IOException {
        List<String> words = new ArrayList<>();
        if (isRoot()) {
            words.addAll(List.of("runuser", "-u", SYSTEM_USER, "--"));
        }
        words.add(binaries.resolve(command).toString());
        words.addAll(List.of(arguments));
        run(words);
    }

    private void run(List<String> words) throws IOException {
        Path out = Files.createTempFile("vivarium-postgres", ".out");
        Process process = new ProcessBuilder(words)
                .directory(directory.getParent().toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        if (!ended(process) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IllegalStateException(words + ": " + Files.readString(out, UTF_8));
        }
        Files.delete(out);
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        down();
        run(List.of("rm", "-rf", directory.toString()));
    }
}
