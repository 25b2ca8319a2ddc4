package org.vivarium.core.changes;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.state.PrivateFiles;

/**
 * The end of the current file: what was appended is on the disk, and what could not be is taken back. To be called by
 * one thread at a time. Uses no channel, since an interrupt would close that.
 */
final class LogWriter implements Closeable {
    private final Path directory;
    private final Path path;
    private @Nullable RandomAccessFile file;
    private long length; // what is on the disk and acknowledged
    private long first; // the sequence of the first record in the file; 0 while it has none

    /** Takes up a file that has {@code length} good bytes, or none if it does not exist. */
    LogWriter(Path directory, long length, long first) {
        this.directory = directory;
        this.path = directory.resolve(LogFiles.CURRENT);
        this.length = length;
        this.first = first;
    }

    /** Returns how long the file is. */
    long length() {
        return length;
    }

    /** Appends lines of which the first is record {@code sequence}; nothing is appended if it throws. */
    void append(byte[] lines, long sequence) throws IOException {
        RandomAccessFile out = opened();
        try {
            out.seek(length);
            out.write(lines);
            out.getFD().sync();
        } catch (IOException e) {
            takeBack(e);
            throw e;
        }
        length += lines.length;
        first = first == 0 ? sequence : first;
    }

    /** Takes back the last {@code bytes}, which were appended but may not stay. */
    void takeBack(int bytes, Exception cause) {
        length -= bytes;
        first = length == 0 ? 0 : first;
        takeBack(cause);
    }

    private void takeBack(Exception cause) {
        try {
            RandomAccessFile out = opened();
            out.setLength(length);
            out.getFD().sync();
        } catch (IOException e) {
            cause.addSuppressed(e);
            close(); // opening it again cuts it, before anything else is appended
        }
    }

    private RandomAccessFile opened() throws IOException {
        RandomAccessFile open = file;
        if (open != null) {
            return open;
        }
        PrivateFiles.makeDirectory(directory);
        if (Files.notExists(path)) {
            PrivateFiles.make(path);
            PrivateFiles.syncDirectoryOf(path);
        }
        open = new RandomAccessFile(path.toFile(), "rw");
        file = open;
        if (open.length() > length) {
            open.setLength(length);
        }
        return open;
    }

    /** Ends the current file and begins another one. */
    void rotate() throws IOException {
        close();
        Files.move(path, LogFiles.older(directory, first)); // an older one of that name would be lost: it has no equal
        length = 0;
        first = 0;
        PrivateFiles.syncDirectoryOf(path);
    }

    @Override
    public void close() {
        RandomAccessFile open = file;
        file = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) { // everything in it is on the disk
            return;
        }
    }
}
