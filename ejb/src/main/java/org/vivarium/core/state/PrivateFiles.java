package org.vivarium.core.state;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;

/**
 * Files that only the user of the server may read, and that are on the disk when a method returns. All methods go on if
 * their thread is interrupted: what was begun is finished.
 */
public final class PrivateFiles {
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> DIRECTORY = PosixFilePermissions.fromString("rwx------");

    /** Exceptions of the JDK that do not carry what the operating system said. */
    private static final Map<Class<?>, String> CAUSES = Map.of(
            AccessDeniedException.class, "Permission denied",
            NoSuchFileException.class, "No such file or directory",
            NotDirectoryException.class, "Not a directory",
            FileAlreadyExistsException.class, "File exists");

    private PrivateFiles() {}

    /** Makes {@code directory}, and those above it, if it does not exist; takes it away from all other users. */
    public static void makeDirectory(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            if (!Files.getPosixFilePermissions(directory).equals(DIRECTORY)) {
                Files.setPosixFilePermissions(directory, DIRECTORY);
            }
            return;
        }
        FileAttribute<?> ours = PosixFilePermissions.asFileAttribute(DIRECTORY);
        Files.createDirectories(directory, ours);
        syncDirectoryOf(directory);
    }

    /** Makes an empty file that does not exist yet. */
    public static void make(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(FILE));
    }

    /** Returns what {@code file} holds. */
    public static byte[] read(Path file) throws IOException {
        try (InputStream in = new FileInputStream(file.toFile())) { // unlike a channel, not closed by an interrupt
            return in.readAllBytes();
        }
    }

    /**
     * Gives {@code file} another content, or none of it: whatever happens, it holds the old content or the new one, and
     * once this returns the new one.
     */
    static void replace(Path file, byte[] content) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh); // left behind by a process that was killed here
        make(fresh);
        try {
            try (FileOutputStream out = new FileOutputStream(fresh.toFile())) {
                out.write(content);
                out.getFD().sync();
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(fresh);
            throw e;
        }
        syncDirectoryOf(file);
    }

    /** Has the disk hold the entry of {@code file} in its directory: that it was made, renamed or deleted. */
    public static void syncDirectoryOf(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) { // the root has none
            sync(directory);
        }
    }

    private static void sync(Path directory) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                    channel.force(true);
                    return;
                } catch (ClosedByInterruptException e) {
                    interrupted |= Thread.interrupted(); // and once more
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Returns the cause of {@code failure} in the words of the operating system, without the path. */
    public static String cause(IOException failure) {
        String known = CAUSES.get(failure.getClass());
        if (known != null) {
            return known;
        }
        if (failure instanceof FileSystemException system && system.getReason() != null) {
            return system.getReason();
        }
        String message = String.valueOf(failure.getMessage());
        return failure instanceof FileNotFoundException && message.endsWith(")")
                ? message.substring(message.lastIndexOf('(') + 1, message.length() - 1)
                : message;
    }
}
