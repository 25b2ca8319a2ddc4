package org.vivarium.core.process.channel;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Payload;
import org.vivarium.api.memory.Reservation;
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
    private static final int SPIN_PAYS_BELOW = 4;

    private final SocketChannel socket;
    private final Readiness readiness;
    private final Ticker ticker;
    private final int maximumFrameBytes;
    private final long spinNanos;
    private final SlotMemory memory;
    private final FrameWriter out;
    private final FrameBuffer in;

    private long lastId;
    private long sentNanos;
    private long typicalNanos;
    private boolean sentAhead;
    private @Nullable IOException aheadFailure;

    /** What was about to be read when the wait for room was given up. */
    private @Nullable FrameType unheld;

    public CallChannel(SocketChannel socket, Ticker ticker, ChannelSettings settings, SlotMemory memory)
            throws IOException {
        this.socket = socket;
        this.ticker = ticker;
        this.maximumFrameBytes = settings.maximumFrameBytes();
        this.spinNanos = settings.spin().toNanos();
        this.memory = memory;
        this.in = new FrameBuffer(maximumFrameBytes);
        this.readiness = new Readiness(socket, ticker);
        this.out = new FrameWriter(socket, readiness);
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
            if (out.buffer().hasRemaining()) {
                out.flush(policy);
            }
        } finally {
            readiness.restoreInterrupt();
        }
    }

    /**
     * Sends a small call of which {@link #receive} will wait for the answer, maybe in another thread; does nothing with
     * a large one. Never blocks; a failure is thrown by {@link #send}.
     */
    public void sendAhead(CallFrame call, long deadlineNanos) {
        if (call.attachments().isEmpty() && call.length(false) <= out.buffer().capacity() - Integer.BYTES) {
            fill(call, deadlineNanos, false);
            sentAhead = true;
            try {
                out.writeSome();
            } catch (IOException e) {
                aheadFailure = e;
            }
        }
    }

    /** Puts the head and as much of the JSON as fits into the buffer; returns how much of the JSON that is. */
    private int fill(CallFrame call, long deadlineNanos, boolean inMemory) {
        ByteBuffer buffer = out.buffer().clear();
        call.putHead(buffer, ++lastId, timeoutMillis(deadlineNanos), inMemory);
        byte[] json = call.inputs().json();
        int length = Math.min(buffer.remaining(), json.length);
        buffer.put(json, 0, length).flip();
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
        if (call.headSize() <= out.buffer().capacity()) {
            sent = fill(call, policy.deadlineNanos(), inMemory);
            out.flush(policy);
        } else { // a program name, context or table of tens of kilobytes: rare enough for a buffer of its own
            ByteBuffer head = ByteBuffer.allocate(call.headSize());
            call.putHead(head, ++lastId, timeoutMillis(policy.deadlineNanos()), inMemory);
            out.write(head.array(), 0, policy);
        }
        out.write(call.inputs().json(), sent, policy);
        if (!inMemory && !call.attachments().isEmpty()) { // an iterator of nothing is garbage, too
            for (byte[] attachment : call.attachments()) {
                out.write(attachment, 0, policy);
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
                if (in.needsRoom()) {
                    awaitRoom(in.length(), in.type(), policy);
                    in.admit();
                } else {
                    readSome(spinUntil, policy);
                }
            }
            FrameType type = in.type();
            if (type == null) {
                throw new IllegalStateException("a frame without a type");
            }
            int flags = in.flags();
            return type.endsCall() ? last(type, flags, policy) : reply(type, flags, policy);
        } finally {
            readiness.restoreInterrupt();
        }
    }

    private Reply last(FrameType type, int flags, WaitPolicy policy)
            throws ChannelLostException, DeadlineException, ProtocolException {
        Reply reply = reply(type, flags, policy);
        if (!in.isEmpty()) {
            throw new ProtocolException("bytes after the final frame of call " + lastId);
        }
        typicalNanos += (ticker.nanos() - sentNanos - typicalNanos) / 8;
        memory.trim();
        return reply;
    }

    private Reply reply(FrameType type, int flags, WaitPolicy policy)
            throws ChannelLostException, DeadlineException, ProtocolException {
        byte[] body = in.take();
        if (flags == 0) {
            return new Reply(type, Payload.of(body), null, false);
        }
        ReplyBody parts = ReplyBody.of(flags, body);
        List<byte[]> attachments = parts.attached();
        if (!parts.inMemory().isEmpty()) {
            long bytes = parts.inMemory().stream().mapToLong(Long::longValue).sum();
            awaitRoom(bytes, type, policy);
            attachments = readFromMemory(parts.inMemory());
        }
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

    /** Waits until there is room for what the worker is about to send; it waits, too, meanwhile. */
    private void awaitRoom(long bytes, @Nullable FrameType type, WaitPolicy policy)
            throws ChannelLostException, DeadlineException {
        Reservation room = policy.room(bytes, readiness::wakeup);
        if (room == null || room.isGranted()) {
            return;
        }
        unheld = type;
        readiness.awaitRoom(room, policy);
        unheld = null;
    }

    /**
     * Returns whether {@link #receive} ended because there was no room for the frame that has come; {@link #dropUnheld}
     * must be next then.
     */
    public boolean hasUnheld() {
        return unheld != null;
    }

    /**
     * Reads the frame for which there was no room to its end, without keeping it.
     *
     * @return whether it was the last one of its call
     * @throws ChannelLostException if the connection ended
     * @throws DeadlineException if the worker did not send all of it in time: the channel must not be used again
     */
    public boolean dropUnheld(WaitPolicy policy) throws ChannelLostException, DeadlineException {
        boolean last = unheld != null && unheld.endsCall();
        while (in.needsRoom() && !in.drop()) {
            readSome(ticker.nanos(), policy);
        }
        memory.trim();
        unheld = null;
        return last;
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
            boolean over = readiness.isOver(); // before the last read: all that the process has sent is there then
            if (read() == 0 && !spins) {
                readiness.await(policy, over);
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

    /**
     * Tells the worker that the call which was sent last is cancelled; its main thread checks once it is signalled.
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
            Header.put(out.buffer().clear(), FrameType.STOP, 0, 0);
            out.buffer().flip();
            out.writeSome();
        } catch (IOException e) {
            LOG.debug("no STOP: the worker is gone already", e);
        }
    }

    /** Has a waiting owner check its {@link WaitPolicy} again. Any thread. */
    public void wakeup() {
        readiness.wakeup();
    }

    /** Wakes a waiting owner because the process has ended, even if a descendant keeps the socket open. Any thread. */
    public void processEnded() {
        readiness.processEnded();
    }

    /** Closes the connection; only the owner may. */
    @Override
    public void close() {
        try {
            socket.close();
            readiness.close();
        } catch (IOException e) {
            LOG.debug("closing a call channel", e);
        }
        memory.close();
    }
}
