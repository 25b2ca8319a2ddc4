package org.vivarium.core.process.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The private directory of one run of the service: {@code vivarium-<run id>} with the socket, the unpacked Python
 * package, and a lock that says "alive" as long as the server's process holds it.
 */
public final class RunDirectory implements AutoCloseable {
    static final String PREFIX = "vivarium-";
    static final String LOCK = "lock";
    static final String OWNER = "owner";

    private static final Logger LOG = LoggerFactory.getLogger(RunDirectory.class);

    /** Unix domain socket paths end at 107 bytes on Linux. */
    private static final int LONGEST_SOCKET_PATH = 107;

    private final Path root;
    private final String runId;
    private final FileChannel lock;

    private RunDirectory(Path root, String runId, FileChannel lock) {
        this.root = root;
        this.runId = runId;
        this.lock = lock;
    }

    /**
     * Makes the directory below {@code parent}, readable by this user only.
     *
     * @throws IOException if it cannot be made, or its path is too long for a socket
     */
    public static RunDirectory create(Path parent) throws IOException {
        String runId = UUID.randomUUID().toString().substring(0, 13);
        Path root = parent.resolve(PREFIX + runId);
        if (root.resolve("vivarium.sock").toString().length() > LONGEST_SOCKET_PATH) {
            throw new IOException(
                    "run directory %s is too long for a socket: set the system property vivarium.run.dir to a shorter one"
                            .formatted(root));
        }
        // Locked under another name first: a sweeper of another server must never see it unlocked.
        Path hidden = Files.createDirectory(
                parent.resolve("." + PREFIX + runId),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(hidden.resolve(OWNER), thisProcess());
        FileChannel lock = FileChannel.open(hidden.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock.lock();
        Files.move(hidden, root);
        return new RunDirectory(root, runId, lock);
    }

    /** Returns what identifies this JVM, also against a later one with the same pid. */
    static String thisProcess() {
        ProcessHandle self = ProcessHandle.current();
        return self.pid() + "@"
                + self.info().startInstant().map(Object::toString).orElse("unknown");
    }

    /** Returns the id that every process of this run carries in its environment as {@code VIVARIUM_RUN}. */
    public String runId() {
        return runId;
    }

    /** Returns the directory itself. */
    public Path root() {
        return root;
    }

    Path socket() {
        return root.resolve("vivarium.sock");
    }

    /** Returns where {@link #unpack} puts the Python files. */
    public Path python() {
        return root.resolve("python");
    }

    /** Unpacks the zip of our Python files into {@link #python}. */
    public void unpack(InputStream zip) throws IOException {
        try (ZipInputStream entries = new ZipInputStream(zip)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path target = python().resolve(entry.getName()).normalize();
                if (!target.startsWith(python())) {
                    throw new IOException("entry outside of the archive: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(entries, target);
                }
            }
        }
    }

    /** Deletes the directory and gives up the lock. */
    @Override
    public void close() {
        delete(root);
        try {
            lock.close();
        } catch (IOException e) {
            LOG.debug("closing the lock of {}", root, e);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            List<Path> deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("cannot delete {} completely; the next start tries again: {}", directory, e.toString());
        }
    }
}
