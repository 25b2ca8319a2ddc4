package org.vivarium.core.process;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.Channel;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Header;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.time.Ticker;

/**
 * The connection of one slot: one call at a time, written and read by the thread that owns the slot.
 *
 * <p>Non-blocking with a selector of its own: so it survives an interrupted caller (a blocking channel would be closed
 * and the worker lost), has timeouts without a watchdog, and a bounded yielding spin before it really waits. Not thread
 * safe, except {@link #processEnded}; ownership moves between threads by the slot's bit.
 */
public final class CallChannel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CallChannel.class);
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int SPIN_PAYS_BELOW = 4;

    private final SocketChannel socket;
    private final Selector selector;
    private final SelectionKey key;
    private final Ticker ticker;
    private final int maximumFrameBytes;
    private final long spinNanos;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES);

    private long lastId;
    private long typicalNanos;
    private FrameType replyType = FrameType.RESULT;
    private byte @Nullable [] replyState;
    private boolean interrupted;
    private boolean sentAhead;
    private @Nullable IOException aheadFailure;
    private volatile boolean ended;

    CallChannel(SocketChannel socket, Ticker ticker, ChannelSettings settings) throws IOException {
        this.socket = socket;
        this.ticker = ticker;
        this.maximumFrameBytes = settings.maximumFrameBytes();
        this.spinNanos = settings.spin().toNanos();
        this.selector = Selector.open();
        this.key = socket.register(selector, SelectionKey.OP_READ);
    }

    /** Returns whether the last {@link #exchange} was answered by ERROR, and not by RESULT. */
    public boolean lastReplyIsError() {
        return replyType == FrameType.ERROR;
    }

    /**
     * Returns the state of the session that came with the last RESULT of {@link #exchange}; {@code null} if it has not
     * changed.
     */
    public byte @Nullable [] lastReplyState() {
        return replyState;
    }

    /** Returns the largest frame that may be sent, as its {@code length} counts. */
    public int maximumFrameBytes() {
        return maximumFrameBytes;
    }

    /**
     * Sends one call and waits for its final frame.
     *
     * <p>An interrupt of the calling thread does not end the wait; the flag is set again on return.
     *
     * @param deadlineNanos by the ticker
     * @return the body of RESULT or ERROR; {@link #lastReplyIsError} tells which
     * @throws ChannelLostException if the connection ended
     * @throws DeadlineException if the final frame was not there in time: the channel must not be used again
     * @throws ProtocolException if the worker sent anything else: the channel must not be used again
     */
    public byte[] exchange(CallFrame call, long deadlineNanos)
            throws ChannelLostException, DeadlineException, ProtocolException {
        long started = ticker.nanos();
        interrupted = false;
        try {
            long id = begin(call, started, deadlineNanos);
            in.clear();
            readAtLeast(Header.SIZE, started, deadlineNanos);
            byte[] body = readBody(id, started, deadlineNanos);
            typicalNanos += (ticker.nanos() - started - typicalNanos) / 8;
            return body;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Sends a small call of which {@link #exchange} will wait for the answer, maybe in another thread; does nothing
     * with a large one. Never blocks; a failure is told by that {@code exchange}.
     */
    public void sendAhead(CallFrame call, long deadlineNanos) {
        if (call.headSize() + call.inputs().length <= out.capacity()) {
            fill(call, ++lastId, ticker.nanos(), deadlineNanos);
            sentAhead = true;
            try {
                socket.write(out);
            } catch (IOException e) {
                aheadFailure = e;
            }
        }
    }

    private long begin(CallFrame call, long now, long deadlineNanos) throws ChannelLostException, DeadlineException {
        if (!sentAhead) {
            send(call, ++lastId, now, deadlineNanos);
            return lastId;
        }
        sentAhead = false;
        if (aheadFailure != null) {
            throw new ChannelLostException(false, aheadFailure);
        }
        if (out.hasRemaining()) {
            write(out, deadlineNanos);
        }
        return lastId;
    }

    /** Puts the head and as much of the inputs as fits into {@code out}; returns how much of the inputs that is. */
    private int fill(CallFrame call, long id, long now, long deadlineNanos) {
        out.clear();
        call.putHead(out, id, timeoutMillis(now, deadlineNanos));
        int length = Math.min(out.remaining(), call.inputs().length);
        out.put(call.inputs(), 0, length).flip();
        return length;
    }

    private static long timeoutMillis(long now, long deadlineNanos) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - now));
    }

    private void send(CallFrame call, long id, long now, long deadlineNanos)
            throws ChannelLostException, DeadlineException {
        int sent = 0;
        if (call.headSize() <= out.capacity()) {
            sent = fill(call, id, now, deadlineNanos);
            write(out, deadlineNanos);
        } else { // a program name or context of tens of kilobytes: rare enough for a buffer of its own
            ByteBuffer head = ByteBuffer.allocate(call.headSize());
            call.putHead(head, id, timeoutMillis(now, deadlineNanos));
            writeThrough(head.array(), 0, deadlineNanos);
        }
        writeThrough(call.inputs(), sent, deadlineNanos);
    }

    /**
     * Writes the rest of {@code bytes} by way of the direct buffer: the JDK would cache a copy of their size per
     * thread.
     */
    private void writeThrough(byte[] bytes, int from, long deadlineNanos)
            throws ChannelLostException, DeadlineException {
        for (int at = from; at < bytes.length; ) {
            out.clear();
            int chunk = Math.min(out.remaining(), bytes.length - at);
            write(out.put(bytes, at, chunk).flip(), deadlineNanos);
            at += chunk;
        }
    }

    private void write(ByteBuffer bytes, long deadlineNanos) throws ChannelLostException, DeadlineException {
        try {
            socket.write(bytes);
            if (bytes.hasRemaining()) {
                writeRest(bytes, deadlineNanos);
            }
        } catch (IOException e) {
            throw new ChannelLostException(false, e); // without the whole frame the program cannot begin
        }
    }

    private void writeRest(ByteBuffer bytes, long deadlineNanos)
            throws IOException, ChannelLostException, DeadlineException {
        key.interestOps(SelectionKey.OP_WRITE);
        try {
            while (bytes.hasRemaining()) {
                await(deadlineNanos);
                socket.write(bytes);
            }
        } finally {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    private byte[] readBody(long id, long started, long deadlineNanos)
            throws ChannelLostException, DeadlineException, ProtocolException {
        int length = Header.bodyLength(in, 0, maximumFrameBytes);
        FrameType type = Header.type(in, 0, Channel.CALL);
        boolean withState = Header.withState(in, 0);
        if (type == FrameType.HELLO || Header.id(in, 0) != id) {
            throw new ProtocolException(
                    "%s with id %d while call %d was in progress".formatted(type, Header.id(in, 0), id));
        }
        byte[] body = new byte[length];
        int read = Math.min(in.position() - Header.SIZE, length);
        in.get(Header.SIZE, body, 0, read);
        boolean excess = in.position() > Header.SIZE + length;
        while (read < length) {
            in.clear().limit(Math.min(in.capacity(), length - read));
            readAtLeast(1, started, deadlineNanos);
            in.get(0, body, read, in.position());
            read += in.position();
        }
        if (excess) {
            throw new ProtocolException("bytes after the final frame of call " + id);
        }
        replyType = type;
        replyState = null;
        return withState ? withoutState(body) : body;
    }

    /** Takes the state of the session off the front of a RESULT; docs/PROTOCOL.md, section 5. */
    private byte[] withoutState(byte[] body) throws ProtocolException {
        int size = body.length < Integer.BYTES ? -1 : ByteBuffer.wrap(body).getInt();
        if (size < 0 || size >= body.length - Integer.BYTES) {
            throw new ProtocolException("a result of %d bytes whose state takes %d".formatted(body.length, size));
        }
        replyState = Arrays.copyOfRange(body, Integer.BYTES, Integer.BYTES + size);
        return Arrays.copyOfRange(body, Integer.BYTES + size, body.length);
    }

    /**
     * Reads until {@code in} holds {@code bytes}.
     *
     * <p>A worker that died with the call unread in its socket shows as a reset, one that had read it as an end of
     * file: only in the first case has the program surely not begun.
     */
    @SuppressWarnings("ThreadPriorityCheck") // the yield is measured, see ADR 0003
    private void readAtLeast(int bytes, long started, long deadlineNanos)
            throws ChannelLostException, DeadlineException {
        long spinUntil = typicalNanos < SPIN_PAYS_BELOW * spinNanos ? started + spinNanos : started;
        try {
            while (in.position() < bytes) {
                if (ticker.nanos() - spinUntil < 0) {
                    Thread.yield(); // never without, and first: on a loaded CPU the turn goes to the worker
                    read();
                } else if (read() == 0) {
                    await(deadlineNanos);
                }
            }
        } catch (IOException e) {
            throw new ChannelLostException(in.position() > 0 || e instanceof ClosedChannelException, e);
        }
    }

    private int read() throws IOException, ChannelLostException {
        int count = socket.read(in);
        if (count < 0) {
            throw new ChannelLostException(true, null);
        }
        return count;
    }

    /** Waits until the channel is ready or the deadline has passed. */
    private void await(long deadlineNanos) throws IOException, ChannelLostException, DeadlineException {
        long leftNanos = deadlineNanos - ticker.nanos();
        if (leftNanos <= 0) {
            throw new DeadlineException();
        }
        if (ended) { // and yet no end of file: a descendant of the worker holds its socket open
            throw new ChannelLostException(true, null);
        }
        interrupted |= Thread.interrupted(); // or select would return at once, in a busy loop
        selector.select(1 + leftNanos / 1_000_000);
        selector.selectedKeys().clear();
    }

    /**
     * Waits for the answer to an {@link #exchange} that ended by its deadline, so that the channel can be used again.
     *
     * @throws DeadlineException if it is still not there: may be called again
     */
    public void awaitLateReply(long deadlineNanos) throws ChannelLostException, DeadlineException, ProtocolException {
        long now = ticker.nanos();
        readAtLeast(Header.SIZE, now, deadlineNanos);
        readBody(lastId, now, deadlineNanos);
    }

    /** Sends STOP to an idle worker; says nothing if the worker is gone already. */
    public void sendStop() {
        try {
            out.clear();
            Header.put(out, FrameType.STOP, 0, 0);
            socket.write(out.flip());
        } catch (IOException e) {
            LOG.debug("no STOP: the worker is gone already", e);
        }
    }

    /** Tells a waiting owner that the process has ended, even if a descendant keeps the socket open. Any thread. */
    public void processEnded() {
        ended = true;
        selector.wakeup();
    }

    /** Closes the connection; only the owner may. */
    @Override
    public void close() {
        ended = true;
        try {
            socket.close();
            selector.close();
        } catch (IOException e) {
            LOG.debug("closing a call channel", e);
        }
    }
}
