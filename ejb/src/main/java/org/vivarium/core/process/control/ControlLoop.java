package org.vivarium.core.process.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.time.Ticker;

/**
 * The one thread that accepts connections and reads every channel that is no call channel.
 *
 * <p>No call ever waits for it. A malformed frame ends its own connection and nothing else.
 */
public final class ControlLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
    private static final Duration HELLO_WITHIN = Duration.ofSeconds(10);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final int BUFFER_BYTES = 256 << 10;

    private final Selector selector;
    private final ServerSocketChannel listener;
    private final TokenBook tokens;
    private final Ticker ticker;
    private final Thread thread;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private long sweptNanos;
    private volatile boolean closed;

    public ControlLoop(Path socket, Ticker ticker, ThreadFactory threads) throws IOException {
        this.ticker = ticker;
        this.tokens = new TokenBook(ticker, HELLO_WITHIN.toNanos());
        this.selector = Selector.open();
        this.listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        listener.bind(UnixDomainSocketAddress.of(socket), 1024).configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
        this.thread = threads.newThread(this::run);
        thread.setName("vivarium-control");
        thread.start();
    }

    /** Returns a new token; connections that say it within 10 s go to {@code expectation}. */
    public String expect(Expectation expectation) {
        return tokens.issue(expectation);
    }

    private void run() {
        while (!closed) {
            try {
                selector.select(this::handle, LOOK_EVERY.toMillis());
                sweep();
            } catch (IOException | ClosedSelectorException e) {
                if (!closed) {
                    LOG.error("unexpected error in the control loop; continuing", e);
                }
            } catch (RuntimeException e) {
                LOG.error("a receiver failed in the control loop; its connection stays open", e);
            }
        }
    }

    private void handle(SelectionKey key) {
        if (key.channel() == listener) {
            accept();
            return;
        }
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isWritable()) {
                connection.flush();
            }
            if (key.isReadable()) {
                read(connection);
            }
        } catch (CancelledKeyException e) {
            connection.close("cancelled");
        } catch (RuntimeException e) { // half of what was read is lost: nothing that follows would make sense
            LOG.error("a receiver failed in the control loop; closing its connection", e);
            connection.close("a receiver failed: " + e);
        }
    }

    private void accept() {
        try {
            SocketChannel socket = listener.accept();
            if (socket != null) {
                socket.configureBlocking(false);
                SelectionKey key = socket.register(selector, SelectionKey.OP_READ);
                key.attach(new Connection(socket, key, ticker.nanos()));
            }
        } catch (IOException e) {
            LOG.error("cannot accept a connection of a Python process (descriptors used up?)", e);
        }
    }

    private void read(Connection connection) {
        try {
            buffer.clear();
            int count = connection.socket().read(buffer);
            if (count < 0) {
                connection.close("end of file");
            } else {
                connection.received(buffer.flip(), this::greet);
            }
        } catch (IOException e) {
            connection.close("reading failed: " + e.getMessage());
        } catch (ProtocolException e) {
            LOG.warn("a Python process broke the protocol: {}", e.getMessage());
            connection.close("malformed frame: " + e.getMessage());
        }
    }

    private void greet(Connection connection, Frame frame) {
        try {
            Hello hello = Hello.of(frame);
            Expectation expectation = tokens.redeem(hello);
            connection.send(Frame.of(
                    FrameType.WELCOME,
                    Map.of("protocol", Hello.PROTOCOL, "maximum_frame_bytes", expectation.maximumFrameBytes())));
            Receiver receiver = expectation.accept(hello, connection);
            if (receiver != null) {
                connection.establish(hello.channel(), receiver);
            }
        } catch (ProtocolException e) {
            LOG.warn("rejected a connection: {}", e.getMessage());
            connection.send(Frame.of(FrameType.REJECT, Map.of("reason", String.valueOf(e.getMessage()))));
            connection.close("rejected");
        }
    }

    private void sweep() {
        long now = ticker.nanos();
        if (now - sweptNanos < SWEEP_EVERY.toNanos()) {
            return;
        }
        sweptNanos = now;
        tokens.sweep();
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() instanceof Connection connection) {
                connection.caughtUp(now);
                if (connection.awaitsHello() && now - connection.openedNanos() > HELLO_WITHIN.toNanos()) {
                    connection.close("no HELLO within " + HELLO_WITHIN);
                }
            }
        }
    }

    /** Ends all connections and the thread; waits at most a second. */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        selector.wakeup();
        try {
            thread.join(1_000);
            for (SelectionKey key : selector.keys()) {
                key.channel().close();
            }
            listener.close();
            selector.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            LOG.debug("closing the control loop", e);
        }
    }
}
