package org.vivarium.core.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second service out of a home directory: state and the change log are for one at a time. The system gives the
 * lock back however the process ends.
 */
public final class HomeLock implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HomeLock.class);

    private final @Nullable FileChannel channel;

    private HomeLock(@Nullable FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the lock of {@code home}, which is made if it is missing. A file system without locks is only warned about.
     *
     * @throws IllegalStateException if another service has it; one sentence says which
     */
    public static HomeLock take(Path home) {
        Path file = home.resolve("lock");
        FileChannel channel = null;
        try {
            Files.createDirectories(home);
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                throw taken(home, file);
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(("process " + ProcessHandle.current().pid() + '\n').getBytes(UTF_8)));
            return new HomeLock(channel);
        } catch (OverlappingFileLockException e) {
            close(channel);
            throw taken(home, file);
        } catch (IllegalStateException e) {
            close(channel);
            throw e;
        } catch (IOException e) {
            close(channel);
            LOG.warn("nothing keeps a second service out of {}: {}", home, PrivateFiles.cause(e));
            return new HomeLock(null);
        }
    }

    private static IllegalStateException taken(Path home, Path file) {
        return new IllegalStateException(
                "%s is used by another service (%s); stop that one, or name another directory by -Dvivarium.home"
                        .formatted(home, holder(file)));
    }

    private static String holder(Path file) {
        try {
            String written = Files.readString(file).strip();
            return written.isEmpty() ? "it does not say which" : written;
        } catch (IOException e) {
            return "it does not say which";
        }
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            LOG.debug("closing the lock of a home directory", e);
        }
    }

    @Override
    public void close() {
        close(channel);
    }
}
