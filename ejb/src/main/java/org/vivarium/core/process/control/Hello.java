package org.vivarium.core.process.control;

import java.util.List;
import org.vivarium.core.process.channel.SlotMemory;
import org.vivarium.core.protocol.Channel;
import org.vivarium.core.protocol.Fields;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.ProtocolException;

/**
 * What a Python process says first on every connection.
 *
 * @param memory the descriptors of a call channel's {@link SlotMemory}, down and up; empty if it has none
 */
public record Hello(Channel channel, String token, long pid, int slot, List<Integer> memory) {
    /** The one version of the protocol that this server speaks. */
    static final int PROTOCOL = 1;

    static Hello of(Frame frame) throws ProtocolException {
        if (frame.type() != FrameType.HELLO) {
            throw new ProtocolException("expected HELLO, got " + frame.type());
        }
        Fields fields = new Fields("HELLO", frame.message());
        List<Integer> range = fields.pair("protocol");
        if (range.get(0) > PROTOCOL || range.get(1) < PROTOCOL) {
            throw new ProtocolException(
                    "the server speaks protocol %d, the vivarium_worker package %d to %d: use the package that comes with this server"
                            .formatted(PROTOCOL, range.get(0), range.get(1)));
        }
        return new Hello(
                Channel.of(fields.text("channel")),
                fields.text("token"),
                fields.integer("pid"),
                (int) fields.integer("slot"),
                fields.map().get("memory") == null ? List.of() : fields.pair("memory"));
    }

    /** Returns what a token can be used for only once. */
    String use() {
        return channel.code() + '/' + slot;
    }
}
