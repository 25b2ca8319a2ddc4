package org.vivarium.testing.fake;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.vivarium.core.protocol.FrameType;

/** The worker's end of one call channel, read by a thread of its own. */
final class FakeSlot {
    private static final int HEADER = 16;

    private final FakeWorker worker;
    private final SocketChannel socket;
    private final Path memory;
    private final Selector selector;
    private final List<Long> owedPings = new ArrayList<>();
    private ByteBuffer bytes = ByteBuffer.allocate(64 << 10);
    private volatile FakeCall current;

    FakeSlot(FakeWorker worker, SocketChannel socket, Path memory) throws IOException {
        this.worker = worker;
        this.socket = socket;
        this.memory = memory;
        this.selector = Selector.open();
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_READ);
        Thread reader = new Thread(this::serve, "fake-" + worker.id());
        reader.setDaemon(true);
        reader.start();
    }

    FakeWorker worker() {
        return worker;
    }

    private void serve() {
        try {
            while (true) {
                selector.select();
                selector.selectedKeys().clear();
                worker.awaitReading();
                if (socket.read(bytes) < 0) {
                    return;
                }
                takeFrames();
            }
        } catch (ClosedChannelException | ClosedSelectorException e) {
            return; // the worker has ended
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void takeFrames() {
        bytes.flip();
        while (bytes.remaining() >= HEADER && bytes.remaining() >= Integer.BYTES + bytes.getInt(bytes.position())) {
            int at = bytes.position();
            int size = Integer.BYTES + bytes.getInt(at);
            ByteBuffer body = bytes.slice(at + HEADER, size - HEADER);
            byte type = bytes.get(at + 4);
            int flags = bytes.get(at + 5) & 0xff;
            long id = bytes.getLong(at + 8);
            if (type == FrameType.STOP.code()) {
                worker.askedToStop();
            } else {
                take(new FakeCall(this, id, flags, body));
            }
            bytes.position(at + size);
        }
        bytes.compact();
        if (!bytes.hasRemaining()) {
            bytes = ByteBuffer.allocate(2 * bytes.capacity()).put(bytes.flip());
        }
    }

    private void take(FakeCall call) {
        if (call.program().equals("$ping")) {
            synchronized (owedPings) {
                owedPings.add(call.id());
            }
            if (worker.heardPing()) {
                answerPings();
            }
            return;
        }
        current = call;
        lookAtMemory(); // a word that came before its call
        worker.run(call);
    }

    /** Answers the pings that were not answered yet. */
    void answerPings() {
        synchronized (owedPings) {
            owedPings.forEach(id -> send(FrameType.RESULT, 0, id, "{\"pong\":true}".getBytes(UTF_8)));
            owedPings.clear();
        }
    }

    /** Looks which call is cancelled, as the handler of the signal does. */
    void lookAtMemory() {
        ByteBuffer word;
        try {
            word = ByteBuffer.wrap(Files.readAllBytes(memory));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        FakeCall call = current;
        if (call != null && word.remaining() >= HEADER && word.getLong(0) == call.id()) {
            call.cancelled(word.getInt(8));
        }
    }

    synchronized void send(FrameType type, int flags, long id, byte[] body) {
        ByteBuffer frame = ByteBuffer.allocate(HEADER + body.length);
        frame.putInt(HEADER - Integer.BYTES + body.length)
                .put(type.code())
                .put((byte) flags)
                .putShort((short) 0)
                .putLong(id)
                .put(body)
                .flip();
        try {
            while (frame.hasRemaining()) {
                socket.write(frame);
            }
        } catch (IOException e) {
            worker.couldNotSend(); // nobody listens any more, as may happen to any worker
        }
    }

    void close() {
        try {
            selector.close(); // first: then what was not read makes the end a reset, as the end of a process does
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
