package org.vivarium.core.protocol;

/** The peer sent bytes that the protocol does not allow; its connection cannot be trusted any more. */
public final class ProtocolException extends Exception {
    private static final long serialVersionUID = 1;

    public ProtocolException(String message) {
        super(message);
    }

    public ProtocolException(String message, Throwable cause) {
        super(message, cause);
    }
}
