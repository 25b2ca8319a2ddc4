package org.vivarium.core.process.host;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.vivarium.core.protocol.Channel;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Header;
import org.vivarium.core.protocol.Json;
import org.vivarium.core.protocol.ProtocolException;

/** Somebody who connects. */
final class Peer implements AutoCloseable {
    private final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);

    Peer(Path socket) throws IOException {
        channel.connect(UnixDomainSocketAddress.of(socket));
    }

    void hello(String token, Channel as) throws IOException {
        hello(token, as, 1);
    }

    void hello(String token, Channel as, long pid) throws IOException {
        say(Map.of("protocol", List.of(1, 1), "channel", as.code(), "token", token, "pid", pid, "slot", 0));
    }

    void say(Map<String, ?> hello) throws IOException {
        send(Frame.of(FrameType.HELLO, hello).encode());
    }

    void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Returns the body of the next frame. */
    Map<String, Object> answer() throws IOException {
        byte[] header = exactly(Header.SIZE);
        byte[] body = exactly(ByteBuffer.wrap(header).getInt() - 12);
        try {
            return Json.readObject(body);
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] exactly(int size) throws IOException {
        byte[] bytes = new byte[size];
        ByteBuffer view = ByteBuffer.wrap(bytes);
        while (view.hasRemaining()) {
            if (channel.read(view) < 0) {
                throw new AssertionError("the connection ended without an answer");
            }
        }
        return bytes;
    }

    /** Waits for the server's end of the connection. */
    boolean ended() throws ClosedByInterruptException {
        try {
            return channel.read(ByteBuffer.allocate(1)) < 0;
        } catch (ClosedByInterruptException e) {
            throw e; // waited in vain
        } catch (IOException e) {
            return true; // reset: it ended with bytes unread
        }
    }

    boolean isOpen() throws IOException {
        channel.configureBlocking(false);
        try {
            return channel.read(ByteBuffer.allocate(1)) == 0;
        } finally {
            channel.configureBlocking(true);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
