package org.vivarium.it.support;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The TCP sockets on which a process of this machine listens, as the kernel tells under {@code /proc}. */
final class ListeningSockets {

    private static final String LISTEN = "0A";

    private ListeningSockets() {}

    /**
     * Returns the local addresses in the kernel's own notation, such as {@code 0100007F:1F90} for 127.0.0.1:8080.
     *
     * @throws IOException if the process is gone or belongs to another user
     */
    static List<String> of(ProcessHandle process) throws IOException {
        Path proc = Path.of("/proc", Long.toString(process.pid()));
        Set<String> sockets = sockets(proc.resolve("fd"));
        try (Stream<String> rows = Stream.concat(
                Files.readAllLines(proc.resolve("net/tcp")).stream(),
                Files.readAllLines(proc.resolve("net/tcp6")).stream())) {
            return rows.map(row -> row.strip().split("\\s+"))
                    .filter(columns -> columns[3].equals(LISTEN) && sockets.contains("socket:[" + columns[9] + "]"))
                    .map(columns -> columns[1])
                    .toList();
        }
    }

    private static Set<String> sockets(Path descriptors) throws IOException {
        try (Stream<Path> files = Files.list(descriptors)) {
            return files.map(ListeningSockets::target).collect(Collectors.toSet());
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return "closed meanwhile";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
