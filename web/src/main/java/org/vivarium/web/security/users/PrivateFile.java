package org.vivarium.web.security.users;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/** Writes files that only the server's user can read, at no moment anybody else. */
final class PrivateFile {
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> FILE =
            PosixFilePermissions.asFileAttribute(OWNER_ONLY);
    private static final FileAttribute<Set<PosixFilePermission>> DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private PrivateFile() {}

    /**
     * Replaces the file as a whole, and makes its directory if there is none.
     *
     * @throws IOException if it cannot be written, or if its file system does not keep it from others; then nothing has
     *     been written
     */
    static void replace(Path path, String text) throws IOException {
        Path directory = Objects.requireNonNull(path.toAbsolutePath().getParent(), "a file is in a directory");
        if (!directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            throw notPrivate(path);
        }
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, DIRECTORY);
        }
        Path fresh = Files.createTempFile(directory, String.valueOf(path.getFileName()), ".new", FILE);
        try {
            if (!OWNER_ONLY.containsAll(Files.getPosixFilePermissions(fresh))) { // such as FAT, which ignores them
                throw notPrivate(path);
            }
            Files.write(fresh, text.getBytes(StandardCharsets.UTF_8));
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static IOException notPrivate(Path path) {
        return new IOException("the file system of " + path
                + " has no permissions that keep others from reading it; name another directory by vivarium.home");
    }
}
