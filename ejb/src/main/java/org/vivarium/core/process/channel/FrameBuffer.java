package org.vivarium.core.process.channel;

import java.nio.ByteBuffer;
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
    private byte[] body = {};
    private int have;

    /** Takes frames whose {@code length} is at most {@code limit}. */
    FrameBuffer(int limit) {
        this.limit = limit;
    }

    /** Returns where the next bytes are to be put; the owner says {@link #received} afterwards. */
    ByteBuffer room() {
        if (type != null && body.length - have > SMALL && bytes.capacity() == SMALL && !bytes.hasRemaining()) {
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

    /** Returns whether a whole frame of call {@code id} is there; {@link #take} gives it. */
    boolean isComplete(long id) throws ProtocolException {
        if (type == null) {
            if (bytes.remaining() < Header.SIZE) {
                return false;
            }
            begin(id);
        }
        int length = Math.min(bytes.remaining(), body.length - have);
        bytes.get(body, have, length);
        have += length;
        return have == body.length;
    }

    private void begin(long id) throws ProtocolException {
        int at = bytes.position();
        int length = Header.bodyLength(bytes, at, limit);
        FrameType found = Header.type(bytes, at, Channel.CALL);
        if (found == FrameType.HELLO || Header.id(bytes, at) != id) {
            throw new ProtocolException(
                    "%s with id %d while call %d was in progress".formatted(found, Header.id(bytes, at), id));
        }
        if (length == 0) {
            throw new ProtocolException(found + " without a body");
        }
        flags = Header.flags(bytes, at);
        body = new byte[length];
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
        byte[] taken = body;
        type = null;
        return taken;
    }
}
