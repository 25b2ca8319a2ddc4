package org.vivarium.core.protocol;

import java.util.Locale;

/** What a connection is for; said once in its HELLO. */
public enum Channel {
    /** Orders to the guardian and its reports. */
    GUARDIAN,
    /** Orders to a fork server and its reports. */
    SERVER,
    /** One call at a time; one connection per slot. */
    CALL,
    /** Readiness, logs, printed text and heartbeats of a worker. */
    SIDE,
    /** Plain bytes written to a worker's descriptors 1 and 2. */
    OUTPUT,
    /** Plain text of thread dumps, each closed by a form feed. */
    STACK;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** Returns the name in HELLO. */
    public String code() {
        return code;
    }

    /** Returns whether the channel carries frames after the handshake, and not plain bytes. */
    public boolean framed() {
        return this != OUTPUT && this != STACK;
    }

    /** Returns the channel whose {@link #code()} is {@code code}. */
    public static Channel of(String code) throws ProtocolException {
        for (Channel channel : values()) {
            if (channel.code.equals(code)) {
                return channel;
            }
        }
        throw new ProtocolException("unknown channel '" + code + "'");
    }
}
