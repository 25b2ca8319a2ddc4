package org.vivarium.core.process;

import java.util.List;
import java.util.Map;
import org.vivarium.core.protocol.Channel;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.ProtocolException;

/**
 * What a Python process says first on every connection.
 *
 * @param memory the descriptors of a call channel's {@link SlotMemory}, down and up; empty if it has none
 */
record Hello(Channel channel, String token, long pid, int slot, List<Integer> memory) {
    /** The one version of the protocol that this server speaks. */
    static final int PROTOCOL = 1;

    static Hello of(Frame frame) throws ProtocolException {
        if (frame.type() != FrameType.HELLO) {
            throw new ProtocolException("expected HELLO, got " + frame.type());
        }
        Map<String, Object> message = frame.message();
        try {
            List<?> range = (List<?>) message.get("protocol");
            int lowest = ((Number) range.get(0)).intValue();
            int highest = ((Number) range.get(1)).intValue();
            if (lowest > PROTOCOL || highest < PROTOCOL) {
                throw new ProtocolException(
                        "the server speaks protocol %d, the worker package %d to %d: use the package of this server"
                                .formatted(PROTOCOL, lowest, highest));
            }
            return new Hello(
                    Channel.of((String) message.get("channel")),
                    (String) message.get("token"),
                    ((Number) message.get("pid")).longValue(),
                    ((Number) message.get("slot")).intValue(),
                    memory(message));
        } catch (ClassCastException | NullPointerException | IndexOutOfBoundsException e) {
            throw new ProtocolException("HELLO lacks a field or has one of the wrong type", e);
        }
    }

    private static List<Integer> memory(Map<String, Object> message) {
        if (message.get("memory") == null) {
            return List.of();
        }
        List<?> pair = (List<?>) message.get("memory");
        return List.of(((Number) pair.get(0)).intValue(), ((Number) pair.get(1)).intValue());
    }

    /** Returns what a token can be used for only once. */
    String use() {
        return channel.code() + '/' + slot;
    }
}
