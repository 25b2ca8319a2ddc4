package org.vivarium.core.process.control;

import java.nio.ByteBuffer;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.ProtocolException;

/** Takes what arrives on one connection, on the control loop's thread: must be quick and must not block. */
public interface Receiver {

    /** Takes one frame of a framed channel. */
    default void frame(Frame frame) throws ProtocolException {
        throw new ProtocolException(frame.type() + " was not expected");
    }

    /** Takes bytes of a plain channel; {@code bytes} is reused after the return. */
    default void bytes(ByteBuffer bytes) {
        throw new IllegalStateException("bytes on a framed channel");
    }

    /** Called about once a second, after all that had arrived at {@code nowNanos} was handed over. */
    default void caughtUp(long nowNanos) {}

    /** Called once, when the connection has ended for {@code reason}. */
    void closed(String reason);
}
