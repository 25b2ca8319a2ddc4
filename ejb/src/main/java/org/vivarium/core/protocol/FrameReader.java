package org.vivarium.core.protocol;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Cuts the byte stream of one control or side channel into frames. Not thread safe: one reader per connection. */
public final class FrameReader {
    private final Channel channel;
    private ByteBuffer pending = ByteBuffer.allocate(4096).flip();

    public FrameReader(Channel channel) {
        this.channel = channel;
    }

    /**
     * Takes the bytes of {@code input}, whole, and returns the frames that are complete now, in order.
     *
     * @throws ProtocolException at the first malformed frame, as soon as its header shows it; the reader is useless
     *     then
     */
    public List<Frame> read(ByteBuffer input) throws ProtocolException {
        append(input);
        List<Frame> frames = new ArrayList<>(1);
        while (pending.remaining() >= Header.SIZE) {
            int at = pending.position();
            int bodyLength = Header.bodyLength(pending, at, Header.CONTROL_LIMIT);
            FrameType type = Header.type(pending, at, channel);
            long id = Header.id(pending, at);
            check(type, id, bodyLength);
            if (pending.remaining() < Header.SIZE + bodyLength) {
                break;
            }
            byte[] body = new byte[bodyLength];
            pending.position(at + Header.SIZE).get(body);
            frames.add(new Frame(type, id, body));
        }
        return frames;
    }

    private static void check(FrameType type, long id, int bodyLength) throws ProtocolException {
        boolean heartbeat = type == FrameType.HEARTBEAT; // an id and no body; all others the other way round
        if (id != 0 && !heartbeat) {
            throw new ProtocolException(type + " with id " + id + " instead of 0");
        }
        if (bodyLength == 0 != heartbeat) {
            throw new ProtocolException(type + (heartbeat ? " with a body" : " without a body"));
        }
    }

    private void append(ByteBuffer input) {
        pending.compact();
        if (pending.remaining() < input.remaining()) {
            int needed = pending.position() + input.remaining();
            ByteBuffer larger = ByteBuffer.allocate(Math.max(needed, 2 * pending.capacity()));
            pending = larger.put(pending.flip());
        }
        pending.put(input).flip();
    }
}
