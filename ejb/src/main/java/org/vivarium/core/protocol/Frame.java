package org.vivarium.core.protocol;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * One frame of a control or side channel, whole.
 *
 * @param id 0, except for HEARTBEAT
 * @param body owned by the frame; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record Frame(FrameType type, long id, byte[] body) {
    /** Returns a frame whose body is {@code message} as JSON. */
    public static Frame of(FrameType type, Map<String, ?> message) {
        return new Frame(type, 0, Json.write(message));
    }

    /** Returns the body as a JSON object. */
    public Map<String, Object> message() throws ProtocolException {
        return Json.readObject(body);
    }

    /** Returns the frame's bytes, ready to be written. */
    public ByteBuffer encode() {
        ByteBuffer bytes = ByteBuffer.allocate(Header.SIZE + body.length);
        Header.put(bytes, type, id, body.length);
        return bytes.put(body).flip();
    }
}
