package org.vivarium.core.process.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.ProtocolException;

/**
 * The memory that a slot shares with its worker: {@code down} for what the server says, {@code up} for what the worker
 * says; docs/PROTOCOL.md, section 9.
 *
 * <p>Two anonymous files of the worker, which have no name in any file system: nothing is left behind, whoever dies.
 * Their first part is mapped, which is several times as fast as reading and writing; the mapping lasts until it is
 * collected, so the files are emptied when the slot is closed. A worker that makes them shorter meanwhile gets its slot
 * an {@link InternalError}, which ends the worker. Belongs to the owner of the slot. Survives an interrupt of the
 * thread, which closes the files: they are opened again.
 */
public final class SlotMemory implements AutoCloseable {
    /** Where attachments begin. */
    static final int DATA_AT = 4096;

    /** Attachments that have more bytes together go this way; smaller ones in the frame. */
    private static final int LARGEST_INLINE = 256 << 10;

    /** What is mapped, and kept for the next attachments, in bytes; more is read and written, and given back. */
    private static final int KEPT = 16 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(SlotMemory.class);
    private static final int CHUNK_BYTES = 256 << 10;
    private static final int CANCEL_WORD = 16;

    private final @Nullable SharedFile down;
    private final @Nullable SharedFile up;
    private @Nullable ByteBuffer chunk;
    private boolean used;

    /**
     * Takes what a worker has said of the memory of its call channel.
     *
     * @param name of the memory, as the kernel shows it
     * @param pid of the worker
     * @param descriptors in the worker, of down and up; empty if there is none
     */
    public SlotMemory(String name, long pid, List<Integer> descriptors) {
        boolean none = descriptors.isEmpty();
        this.down = none ? null : new SharedFile(pid, name, descriptors.get(0));
        this.up = none ? null : new SharedFile(pid, name, descriptors.get(1));
    }

    /** Takes two files with names, for a worker that is no other process; whoever made them deletes them. */
    public SlotMemory(Path down, Path up) {
        this.down = new SharedFile(down, null);
        this.up = new SharedFile(up, null);
    }

    /** Returns whether these attachments are to go this way: they are large, and it is open. */
    boolean suits(CallFrame call) {
        return !call.attachments().isEmpty() && call.attachedBytes() > LARGEST_INLINE && isReachable();
    }

    private boolean isReachable() {
        try {
            down().open();
            return true;
        } catch (IOException e) {
            LOG.debug("the memory of a slot cannot be reached", e);
            return false;
        }
    }

    private SharedFile down() throws IOException {
        return present(down);
    }

    private SharedFile up() throws IOException {
        return present(up);
    }

    private static SharedFile present(@Nullable SharedFile file) throws IOException {
        if (file == null) {
            throw new IOException("the worker has no memory to share");
        }
        return file;
    }

    /** Writes which call is to be cancelled, and how. */
    void cancel(long id, int level) throws IOException {
        ByteBuffer word =
                ByteBuffer.allocate(CANCEL_WORD).putLong(id).putInt(level).putInt(0);
        down().each(file -> writeAll(file, word.rewind(), 0));
    }

    /** Writes attachments one after another. */
    void write(List<byte[]> attachments) throws IOException {
        used = true;
        long bytes = attachments.stream().mapToLong(each -> each.length).sum();
        SharedFile file = down();
        file.each(open -> {
            ByteBuffer mapped = bytes <= KEPT ? file.mapped(bytes) : null;
            long at = DATA_AT;
            for (byte[] attachment : attachments) {
                if (mapped != null) {
                    mapped.put((int) at, attachment);
                } else {
                    writeChunks(open, attachment, at);
                }
                at += attachment.length;
            }
        });
    }

    private void writeChunks(FileChannel file, byte[] bytes, long at) throws IOException {
        ByteBuffer buffer = chunk();
        for (int from = 0; from < bytes.length; ) {
            int length = Math.min(buffer.capacity(), bytes.length - from);
            writeAll(file, buffer.clear().put(bytes, from, length).flip(), at + from);
            from += length;
        }
    }

    private static void writeAll(FileChannel file, ByteBuffer bytes, long at) throws IOException {
        long next = at;
        while (bytes.hasRemaining()) {
            next += file.write(bytes, next);
        }
    }

    /** Reads attachments of these sizes, one after another. */
    List<byte[]> read(List<Long> sizes) throws IOException, ProtocolException {
        used = true;
        SharedFile file = up();
        long bytes = sizes.stream().mapToLong(Long::longValue).sum();
        long present = file.size() - DATA_AT;
        if (bytes > present) { // before anything is allocated for it, or read where there is nothing
            throw new ProtocolException("attachments of %d bytes in %d bytes of memory".formatted(bytes, present));
        }
        List<byte[]> attachments = new ArrayList<>(sizes.size());
        file.each(open -> {
            ByteBuffer mapped = bytes <= KEPT ? file.mapped(bytes) : null;
            attachments.clear();
            long at = DATA_AT;
            for (long size : sizes) {
                if (mapped != null) {
                    byte[] attachment = new byte[(int) size];
                    mapped.get((int) at, attachment);
                    attachments.add(attachment);
                } else {
                    attachments.add(readChunks(open, (int) size, at));
                }
                at += size;
            }
        });
        return attachments;
    }

    private byte[] readChunks(FileChannel file, int size, long at) throws IOException {
        byte[] bytes = new byte[size];
        ByteBuffer buffer = chunk();
        for (int have = 0; have < size; have += buffer.position()) {
            buffer.clear().limit(Math.min(buffer.capacity(), size - have));
            if (file.read(buffer, at + have) < 0) {
                throw new IOException("the worker has truncated its shared memory");
            }
            buffer.get(0, bytes, have, buffer.position());
        }
        return bytes;
    }

    /** Gives back what large attachments have taken; between two calls only. */
    void trim() {
        if (!used) {
            return;
        }
        used = false;
        try {
            down().trim();
            up().trim();
        } catch (IOException e) {
            LOG.debug("the memory of a slot is left as it is: its worker is gone", e);
        }
    }

    private ByteBuffer chunk() {
        ByteBuffer known = chunk;
        if (known == null) {
            known = ByteBuffer.allocateDirect(CHUNK_BYTES);
            chunk = known;
        }
        return known;
    }

    @Override
    public void close() {
        if (down != null && up != null) {
            down.close();
            up.close();
        }
    }

    /** One file of the worker, opened when it is first used. */
    private static final class SharedFile {
        private final Path link;
        private final @Nullable String target;
        private @Nullable FileChannel file;
        private @Nullable ByteBuffer mapped;

        SharedFile(long pid, String name, int descriptor) {
            this(Path.of("/proc", Long.toString(pid), "fd", Integer.toString(descriptor)), "/memfd:" + name);
        }

        /** Opens {@code link} if it is a link to {@code target}; a file of any name if that is {@code null}. */
        SharedFile(Path link, @Nullable String target) {
            this.link = link;
            this.target = target;
        }

        void each(Use use) throws IOException {
            boolean interrupted = Thread.interrupted(); // or the file is closed at its first use
            try {
                while (true) {
                    try {
                        use.of(open());
                        return;
                    } catch (ClosedByInterruptException e) {
                        interrupted |= Thread.interrupted();
                        file = null;
                    }
                }
            } finally {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        FileChannel open() throws IOException {
            FileChannel known = file;
            if (known == null) {
                requireOurs(); // the process may have gone, and another have its number
                known = FileChannel.open(link, StandardOpenOption.READ, StandardOpenOption.WRITE);
                file = known;
                requireOurs();
            }
            return known;
        }

        private void requireOurs() throws IOException {
            if (target == null) {
                return;
            }
            String found = Files.readSymbolicLink(link).toString();
            if (!found.startsWith(target)) {
                letGo();
                throw new IOException("%s is %s and not %s".formatted(link, found, target));
            }
        }

        /** Returns the first part of the file, in which {@code bytes} of attachments can be touched. */
        ByteBuffer mapped(long bytes) throws IOException {
            FileChannel opened = open();
            if (opened.size() < DATA_AT + bytes) { // what lies behind the end must not be touched
                writeAll(opened, ByteBuffer.allocate(1), DATA_AT + bytes - 1);
            }
            ByteBuffer known = mapped;
            if (known == null) {
                known = opened.map(FileChannel.MapMode.READ_WRITE, 0, DATA_AT + KEPT);
                mapped = known;
            }
            return known;
        }

        long size() throws IOException {
            long[] size = new long[1];
            each(opened -> size[0] = opened.size());
            return size[0];
        }

        void trim() throws IOException {
            if (file != null) {
                each(opened -> {
                    if (opened.size() > DATA_AT + KEPT) {
                        opened.truncate(DATA_AT);
                    }
                });
            }
        }

        /** Empties the file, because its mapping outlives it, and closes it. */
        void close() {
            if (file != null) {
                try {
                    each(opened -> opened.truncate(0));
                } catch (IOException e) {
                    LOG.debug("the memory of a slot could not be emptied: its worker is gone", e);
                }
                letGo();
            }
        }

        private void letGo() {
            FileChannel known = file;
            file = null;
            if (known != null) {
                try {
                    known.close();
                } catch (IOException e) {
                    LOG.debug("closing the memory of a slot", e);
                }
            }
        }
    }

    /** Something that is done with an open file; done again from its beginning if the thread is interrupted. */
    @FunctionalInterface
    private interface Use {
        void of(FileChannel file) throws IOException;
    }
}
