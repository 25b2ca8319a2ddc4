package org.vivarium.core.process.channel;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** Writes all of what it is given, and waits where the worker does not take it. Belongs to the owner of the slot. */
final class FrameWriter {
    private static final int BUFFER_BYTES = 64 << 10;

    private final SocketChannel socket;
    private final Readiness readiness;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);

    FrameWriter(SocketChannel socket, Readiness readiness) {
        this.socket = socket;
        this.readiness = readiness;
    }

    /** Returns the buffer to be filled and flipped before {@link #flush}. */
    ByteBuffer buffer() {
        return out;
    }

    /** Writes as much of the buffer as the worker takes now. */
    void writeSome() throws IOException {
        socket.write(out);
    }

    /**
     * Writes what is in the buffer.
     *
     * @throws ChannelLostException if the connection ended: without the whole frame the program cannot begin
     * @throws DeadlineException if the worker did not take it in time
     */
    void flush(WaitPolicy policy) throws ChannelLostException, DeadlineException {
        try {
            socket.write(out);
            if (out.hasRemaining()) {
                writeRest(policy);
            }
        } catch (IOException e) {
            throw new ChannelLostException(false, e);
        }
    }

    private void writeRest(WaitPolicy policy) throws IOException, ChannelLostException, DeadlineException {
        readiness.forWriting(true);
        try {
            while (out.hasRemaining()) {
                boolean over = readiness.isOver();
                if (socket.write(out) == 0) {
                    readiness.await(policy, over);
                }
            }
        } finally {
            readiness.forWriting(false);
        }
    }

    /** Writes the rest of {@code bytes} by way of the buffer: the JDK would cache a copy of their size per thread. */
    void write(byte[] bytes, int from, WaitPolicy policy) throws ChannelLostException, DeadlineException {
        for (int at = from; at < bytes.length; ) {
            out.clear();
            int chunk = Math.min(out.remaining(), bytes.length - at);
            out.put(bytes, at, chunk).flip();
            flush(policy);
            at += chunk;
        }
    }
}
