package org.vivarium.core.process.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.protocol.Channel;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameReader;
import org.vivarium.core.protocol.ProtocolException;

/**
 * One accepted connection, as the control loop sees it.
 *
 * <p>{@link #send} may be called from any thread; all else belongs to the loop's thread. The lock protects the bytes
 * that wait to be written and is never held across a callback.
 */
public final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** A peer that lets this much pile up does not read any more. */
    private static final int BACKLOG_LIMIT = 16 << 20;

    private final SocketChannel socket;
    private final SelectionKey key;
    private final long openedNanos;
    private final Deque<ByteBuffer> backlog = new ArrayDeque<>();
    private int backlogBytes;

    private FrameReader reader = new FrameReader(Channel.CALL); // HELLO is allowed on every channel
    private @Nullable Receiver receiver;
    private boolean plain;
    private boolean released;

    Connection(SocketChannel socket, SelectionKey key, long openedNanos) {
        this.socket = socket;
        this.key = key;
        this.openedNanos = openedNanos;
    }

    boolean awaitsHello() {
        return receiver == null && !released;
    }

    long openedNanos() {
        return openedNanos;
    }

    SocketChannel socket() {
        return socket;
    }

    /** Goes on as a channel of {@code receiver}. */
    void establish(Channel channel, Receiver receiver) {
        this.receiver = receiver;
        this.plain = !channel.framed();
        this.reader = new FrameReader(channel);
    }

    /** Leaves the loop: the channel belongs to the caller from now on. */
    public SocketChannel release() {
        released = true;
        key.cancel();
        return socket;
    }

    /** Writes {@code frame}, or keeps it until the peer can take it; a connection that has ended swallows it. */
    public void send(Frame frame) {
        synchronized (backlog) {
            ByteBuffer bytes = frame.encode();
            if (backlogBytes + bytes.remaining() > BACKLOG_LIMIT) {
                LOG.warn("a Python process does not read its control channel; closing the connection");
                breakOff();
                return;
            }
            backlog.add(bytes);
            backlogBytes += bytes.remaining();
            if (backlog.size() == 1) {
                flush();
            }
        }
    }

    /** Writes what waits, as far as the peer takes it. */
    void flush() {
        synchronized (backlog) {
            try {
                while (!backlog.isEmpty()) {
                    ByteBuffer bytes = backlog.peek();
                    backlogBytes -= socket.write(bytes);
                    if (bytes.hasRemaining()) {
                        key.interestOpsOr(SelectionKey.OP_WRITE);
                        key.selector().wakeup();
                        return;
                    }
                    backlog.remove();
                }
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
            } catch (IOException | CancelledKeyException e) {
                LOG.debug("a control channel ended while it was written to: {}", e.toString());
                breakOff();
            }
        }
    }

    /** Makes the loop see an end of file, so that the receiver is notified of the end in one place only. */
    private void breakOff() {
        try {
            socket.shutdownInput();
        } catch (IOException e) {
            LOG.debug("already ended", e);
        }
    }

    /** Hands {@code bytes} to the receiver, whole or cut into frames. */
    void received(ByteBuffer bytes, HelloHandler handshake) throws ProtocolException {
        if (plain && receiver != null) {
            receiver.bytes(bytes);
            return;
        }
        for (Frame frame : reader.read(bytes)) {
            if (receiver != null) {
                receiver.frame(frame);
            } else if (released) {
                throw new ProtocolException("bytes before WELCOME");
            } else {
                handshake.hello(this, frame);
            }
        }
    }

    /** Notifies the receiver that it has received all that had arrived at {@code nowNanos}. */
    void caughtUp(long nowNanos) {
        if (receiver != null) {
            receiver.caughtUp(nowNanos);
        }
    }

    /** Ends the connection and notifies the receiver. */
    void close(String reason) {
        key.cancel();
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing a control channel failed", e);
        }
        Receiver target = receiver;
        receiver = null;
        if (target != null) {
            target.closed(reason);
        }
    }

    /** What the loop does with a first frame. */
    @FunctionalInterface
    interface HelloHandler {
        /** Takes the first frame of {@code connection}. */
        void hello(Connection connection, Frame frame) throws ProtocolException;
    }
}
