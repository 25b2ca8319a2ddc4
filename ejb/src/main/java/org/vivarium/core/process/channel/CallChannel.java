package org.vivarium.core.process.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Payload;
import org.vivarium.core.protocol.CallFrame;
import org.vivarium.core.protocol.Flags;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Header;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.protocol.ReplyBody;
import org.vivarium.core.time.Ticker;

/**
 * The connection of one slot: one call at a time, written and read by the thread that owns the slot.
 *
 * <p>Non-blocking with a selector of its own: so it survives an interrupted caller (a blocking channel would be closed
 * and the worker lost), has timeouts without a watchdog, and a bounded yielding spin before it really waits. Not thread
 * safe, except {@link #wakeup} and {@link #processEnded}; ownership moves between threads by the slot's bit.
 */
public final class CallChannel implements AutoCloseable {
    private static final CallFrame PING = new CallFrame("$ping".getBytes(UTF_8), new byte[0], Payload.EMPTY);
    private static final Logger LOG = LoggerFactory.getLogger(CallChannel.class);
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int SPIN_PAYS_BELOW = 4;

    private final SocketChannel socket;
    private final Selector selector;
    private final SelectionKey key;
    private final Ticker ticker;
    private final int maximumFrameBytes;
    private final long spinNanos;
    private final SlotMemory memory;
    private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final FrameBuffer in;

    private long lastId;
    private long sentNanos;
    private long typicalNanos;
    private boolean interrupted;
    private boolean sentAhead;
    private @Nullable IOException aheadFailure;
    private volatile boolean ended;

    public CallChannel(SocketChannel socket, Ticker ticker, ChannelSettings settings, SlotMemory memory)
            throws IOException {
        this.socket = socket;
        this.ticker = ticker;
        this.maximumFrameBytes = settings.maximumFrameBytes();
        this.spinNanos = settings.spin().toNanos();
        this.memory = memory;
        this.in = new FrameBuffer(maximumFrameBytes);
        this.selector = Selector.open();
        this.key = socket.register(selector, SelectionKey.OP_READ);
    }

    /** Returns the largest frame that may be sent, as its {@code length} counts. */
    public int maximumFrameBytes() {
        return maximumFrameBytes;
    }

    /** Returns whether {@code call} can be sent at all. */
    public boolean takes(CallFrame call) {
        return call.length(memory.suits(call)) <= maximumFrameBytes
                && call.attachments().size() <= CallFrame.MOST_ATTACHMENTS;
    }

    /**
     * Sends one call and waits for its result or error, without regard to anything else that the worker sends.
     *
     * @throws ChannelLostException if the connection ended
     * @throws DeadlineException if the final frame was not there in time; {@link #receive} may go on waiting for it
     * @throws ProtocolException if the worker sent anything else: the channel must not be used again
     */
    public Reply exchange(CallFrame call, WaitPolicy policy)
            throws ChannelLostException, DeadlineException, ProtocolException {
        send(call, policy);
        return receiveLast(policy);
    }

    /** Asks the worker for a sign of life; fails like {@link #exchange}. */
    public void ping(WaitPolicy policy) throws ChannelLostException, DeadlineException, ProtocolException {
        exchange(PING, policy);
    }

    /** Waits for the final frame of the call that was sent last; what comes before it is dropped. */
    public Reply receiveLast(WaitPolicy policy) throws ChannelLostException, DeadlineException, ProtocolException {
        Reply reply = receive(policy);
        while (!reply.endsCall()) {
            reply = receive(policy);
        }
        return reply;
    }

    /**
     * Sends one call, unless {@link #sendAhead} has done so already.
     *
     * @throws ChannelLostException if the connection ended, or there is no memory for the attachments: in both cases
     *     the program has surely not begun
     * @throws DeadlineException if the worker did not take it in time: the channel must not be used again
     */
    public void send(CallFrame call, WaitPolicy policy) throws ChannelLostException, DeadlineException {
        sentNanos = ticker.nanos();
        try {
            if (!sentAhead) {
                write(call, policy);
                return;
            }
            sentAhead = false;
            if (aheadFailure != null) {
                throw new ChannelLostException(false, aheadFailure);
            }
            if (out.hasRemaining()) {
                write(out, policy);
            }
        } finally {
            restoreInterrupt();
        }
    }

    /**
     * Sends a small call of which {@link #receive} will wait for the answer, maybe in another thread; does nothing with
     * a large one. Never blocks; a failure is thrown by {@link #send}.
     */
    public void sendAhead(CallFrame call, long deadlineNanos) {
        if (call.attachments().isEmpty() && call.length(false) <= out.capacity() - Integer.BYTES) {
            fill(call, deadlineNanos, false);
            sentAhead = true;
            try {
                socket.write(out);
            } catch (IOException e) {
                aheadFailure = e;
            }
        }
    }

    /** Puts the head and as much of the JSON as fits into {@code out}; returns how much of the JSON that is. */
    private int fill(CallFrame call, long deadlineNanos, boolean inMemory) {
        out.clear();
        call.putHead(out, ++lastId, timeoutMillis(deadlineNanos), inMemory);
        byte[] json = call.inputs().json();
        int length = Math.min(out.remaining(), json.length);
        out.put(json, 0, length).flip();
        return length;
    }

    private long timeoutMillis(long deadlineNanos) {
        return Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadlineNanos - ticker.nanos()));
    }

    private void write(CallFrame call, WaitPolicy policy) throws ChannelLostException, DeadlineException {
        boolean inMemory = memory.suits(call);
        if (inMemory) {
            writeToMemory(call.attachments());
        }
        int sent = 0;
        if (call.headSize() <= out.capacity()) {
            sent = fill(call, policy.deadlineNanos(), inMemory);
            write(out, policy);
        } else { // a program name, context or table of tens of kilobytes: rare enough for a buffer of its own
            ByteBuffer head = ByteBuffer.allocate(call.headSize());
            call.putHead(head, ++lastId, timeoutMillis(policy.deadlineNanos()), inMemory);
            writeThrough(head.array(), 0, policy);
        }
        writeThrough(call.inputs().json(), sent, policy);
        if (!inMemory && !call.attachments().isEmpty()) { // an iterator of nothing is garbage, too
            for (byte[] attachment : call.attachments()) {
                writeThrough(attachment, 0, policy);
            }
        }
    }

    private void writeToMemory(List<byte[]> attachments) throws ChannelLostException {
        try {
            memory.write(attachments);
        } catch (IOException e) {
            throw new ChannelLostException(false, e);
        }
    }

    /**
     * Writes the rest of {@code bytes} by way of the direct buffer: the JDK would cache a copy of their size per
     * thread.
     */
    private void writeThrough(byte[] bytes, int from, WaitPolicy policy)
            throws ChannelLostException, DeadlineException {
        for (int at = from; at < bytes.length; ) {
            out.clear();
            int chunk = Math.min(out.remaining(), bytes.length - at);
            write(out.put(bytes, at, chunk).flip(), policy);
            at += chunk;
        }
    }

    private void write(ByteBuffer bytes, WaitPolicy policy) throws ChannelLostException, DeadlineException {
        try {
            socket.write(bytes);
            if (bytes.hasRemaining()) {
                writeRest(bytes, policy);
            }
        } catch (IOException e) {
            throw new ChannelLostException(false, e); // without the whole frame the program cannot begin
        }
    }

    private void writeRest(ByteBuffer bytes, WaitPolicy policy)
            throws IOException, ChannelLostException, DeadlineException {
        key.interestOps(SelectionKey.OP_WRITE);
        try {
            while (bytes.hasRemaining()) {
                boolean over = ended;
                if (socket.write(bytes) == 0) {
                    await(policy, over);
                }
            }
        } finally {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /**
     * Waits for the next frame that answers the call which was sent last.
     *
     * <p>An interrupt of the calling thread does not end the wait, unless {@code policy} does; the flag is set again on
     * return. After a {@link DeadlineException} the wait can go on, also in the middle of a frame.
     *
     * @throws ChannelLostException if the connection ended
     * @throws DeadlineException if the frame was not there in time, or the wait was given up
     * @throws ProtocolException if the worker sent anything else: the channel must not be used again
     */
    public Reply receive(WaitPolicy policy) throws ChannelLostException, DeadlineException, ProtocolException {
        long started = ticker.nanos();
        long spinUntil = typicalNanos < SPIN_PAYS_BELOW * spinNanos ? started + spinNanos : started;
        try {
            while (!in.isComplete(lastId)) {
                readSome(spinUntil, policy);
            }
            FrameType type = in.type();
            if (type == null) {
                throw new IllegalStateException("a frame without a type");
            }
            int flags = in.flags();
            return type.endsCall() ? last(type, flags, in.take()) : reply(type, flags, in.take());
        } finally {
            restoreInterrupt();
        }
    }

    private Reply last(FrameType type, int flags, byte[] body) throws ChannelLostException, ProtocolException {
        if (!in.isEmpty()) {
            throw new ProtocolException("bytes after the final frame of call " + lastId);
        }
        typicalNanos += (ticker.nanos() - sentNanos - typicalNanos) / 8;
        Reply reply = reply(type, flags, body);
        memory.trim();
        return reply;
    }

    private Reply reply(FrameType type, int flags, byte[] body) throws ChannelLostException, ProtocolException {
        if (flags == 0) {
            return new Reply(type, Payload.of(body), null, false);
        }
        ReplyBody parts = ReplyBody.of(flags, body);
        List<byte[]> attachments = parts.inMemory().isEmpty() ? parts.attached() : readFromMemory(parts.inMemory());
        Payload payload = new Payload(parts.json(), attachments);
        return new Reply(type, payload, parts.state(), (flags & Flags.LEFT_BEHIND) != 0);
    }

    private List<byte[]> readFromMemory(List<Long> sizes) throws ChannelLostException, ProtocolException {
        try {
            return memory.read(sizes);
        } catch (IOException e) {
            throw new ChannelLostException(true, e);
        }
    }

    /**
     * Reads what there is, or waits.
     *
     * <p>A worker that died with the call unread in its socket shows as a reset, one that had read it as an end of
     * file: only in the first case has the program surely not begun.
     */
    @SuppressWarnings("ThreadPriorityCheck") // the yield is measured, see ADR 0003
    private void readSome(long spinUntil, WaitPolicy policy) throws ChannelLostException, DeadlineException {
        try {
            boolean spins = ticker.nanos() - spinUntil < 0;
            if (spins) {
                Thread.yield(); // never without, and first: on a loaded CPU the turn goes to the worker
            }
            boolean over = ended; // before the last read: all that the process has sent is there then
            if (read() == 0 && !spins) {
                await(policy, over);
            }
        } catch (IOException e) {
            throw new ChannelLostException(!in.isEmpty() || e instanceof ClosedChannelException, e);
        }
    }

    private int read() throws IOException, ChannelLostException {
        ByteBuffer room = in.room();
        try {
            int count = socket.read(room);
            if (count < 0) {
                throw new ChannelLostException(true, null);
            }
            return count;
        } finally {
            in.received();
        }
    }

    /** Waits until the channel is ready or policy ends; fails if the process was {@code over} before. */
    private void await(WaitPolicy policy, boolean over) throws IOException, ChannelLostException, DeadlineException {
        if (Thread.interrupted()) { // or select would return at once, in a busy loop
            interrupted = true;
            policy.interrupted();
        }
        VarHandle.fullFence(); // what the owner wrote before is seen by whoever gives the wait up, or he is seen here
        long leftNanos = policy.deadlineNanos() - ticker.nanos();
        if (leftNanos <= 0 || policy.givenUp()) {
            throw new DeadlineException();
        }
        if (over) { // and yet no end of file: a descendant of the worker holds its socket open
            throw new ChannelLostException(true, null);
        }
        selector.select(1 + leftNanos / 1_000_000);
        selector.selectedKeys().clear();
    }

    private void restoreInterrupt() {
        if (interrupted) {
            interrupted = false;
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Tells the worker that the call which was sent last is cancelled; its main thread checks once it gets SIGUSR1.
     *
     * @param level 1 = it may notice, 2 = it is made to notice
     * @return {@code false} if it cannot be reached
     */
    public boolean cancel(int level) {
        try {
            memory.cancel(lastId, level);
            return true;
        } catch (IOException e) {
            LOG.debug("call {} cannot be cancelled: its worker is gone, or has no memory", lastId, e);
            return false;
        }
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

    /** Has a waiting owner check its {@link WaitPolicy} again. Any thread. */
    public void wakeup() {
        selector.wakeup();
    }

    /** Wakes a waiting owner because the process has ended, even if a descendant keeps the socket open. Any thread. */
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
        memory.close();
    }
}
