package org.vivarium.core.process.channel;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.protocol.Channel;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Header;
import org.vivarium.core.protocol.ProtocolException;

/**
 * Puts together the frames that answer a call, from however few bytes arrive at a time: a wait that ends in the middle
 * of a frame can go on later. Not thread safe: belongs to the owner of the slot.
 */
final class FrameBuffer {
    private static final int SMALL = 64 << 10;
    private static final int LARGE = 256 << 10;

    private final int limit;
    private ByteBuffer bytes = ByteBuffer.allocateDirect(SMALL).limit(0);
    private @Nullable FrameType type;
    private int flags;
    private int length;
    private byte @Nullable [] body;
    private int have;

    /** Takes frames whose {@code length} is at most {@code limit}. */
    FrameBuffer(int limit) {
        this.limit = limit;
    }

    /** Returns where the next bytes are to be put; the owner says {@link #received} afterwards. */
    ByteBuffer room() {
        if (type != null && length - have > SMALL && bytes.capacity() == SMALL && !bytes.hasRemaining()) {
            bytes = ByteBuffer.allocateDirect(LARGE).limit(0); // small reads of large bodies cost several times as much
        }
        return bytes.compact();
    }

    /** Ends what {@link #room} began. */
    void received() {
        bytes.flip();
    }

    /** Returns whether not a byte of a frame has come since the last one was complete. */
    boolean isEmpty() {
        return type == null && !bytes.hasRemaining();
    }

    /**
     * Returns whether a whole frame of call {@code id} is there; {@link #take} gives it. A large one is never complete
     * before there is {@link #admit() room} for it.
     */
    boolean isComplete(long id) throws ProtocolException {
        if (type == null) {
            if (bytes.remaining() < Header.SIZE) {
                return false;
            }
            begin(id);
        }
        byte[] target = body;
        if (target == null) {
            return false;
        }
        int count = Math.min(bytes.remaining(), length - have);
        bytes.get(target, have, count);
        have += count;
        return have == length;
    }

    /** Returns whether a large frame has begun that needs room before more of it can be read. */
    boolean needsRoom() {
        return type != null && body == null;
    }

    /** Returns how many bytes the body of the frame has that has begun. */
    int length() {
        return length;
    }

    /** Makes room for the frame that has begun. */
    void admit() {
        body = new byte[length];
    }

    /** Drops what is there of the body of the frame that has begun; returns whether that was all of it. */
    boolean drop() {
        int count = Math.min(bytes.remaining(), length - have);
        bytes.position(bytes.position() + count);
        have += count;
        if (have == length) {
            type = null;
            return true;
        }
        return false;
    }

    private void begin(long id) throws ProtocolException {
        int at = bytes.position();
        length = Header.bodyLength(bytes, at, limit);
        FrameType found = Header.type(bytes, at, Channel.CALL);
        if (found == FrameType.HELLO || Header.id(bytes, at) != id) {
            throw new ProtocolException(
                    "%s with id %d while call %d was in progress".formatted(found, Header.id(bytes, at), id));
        }
        if (length == 0) {
            throw new ProtocolException(found + " without a body");
        }
        flags = Header.flags(bytes, at);
        body = length > SMALL ? null : new byte[length];
        have = 0;
        bytes.position(at + Header.SIZE);
        type = found;
    }

    /** Returns the type of the frame that is complete, or being put together. */
    @Nullable FrameType type() {
        return type;
    }

    int flags() {
        return flags;
    }

    /** Returns the body of the complete frame, and begins with the next one. */
    byte[] take() {
        byte[] taken = Objects.requireNonNull(body);
        type = null;
        body = null;
        return taken;
    }
}
