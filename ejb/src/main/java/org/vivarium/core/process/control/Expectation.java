package org.vivarium.core.process.control;

import org.jspecify.annotations.Nullable;
import org.vivarium.core.protocol.Header;

/** Who waits for the connections of one token. */
@FunctionalInterface
public interface Expectation {

    /**
     * Takes a connection that said the right token, on the control loop's thread.
     *
     * @return who takes what arrives on it; {@code null} if the connection now belongs to the callee, who reads it
     *     himself
     */
    @Nullable Receiver accept(Hello hello, Connection connection);

    /** Returns the limit that WELCOME sends to the peer, in bytes as {@code length} counts. */
    default int maximumFrameBytes() {
        return Header.CONTROL_LIMIT;
    }
}
