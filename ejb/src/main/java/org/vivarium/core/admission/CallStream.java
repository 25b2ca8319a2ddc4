package org.vivarium.core.admission;

import java.util.NoSuchElementException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Payload;
import org.vivarium.api.PayloadStream;
import org.vivarium.api.PythonException;
import org.vivarium.core.call.Call;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.call.Cancellation;
import org.vivarium.core.call.Execution;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.process.channel.Reply;
import org.vivarium.core.protocol.FrameType;

/**
 * A call whose program yields as its consumer asks.
 *
 * <p>Who reads owns the slot, which the lock sees to: the consumer as a rule, at the deadline or on {@link #close}
 * whoever comes. Nothing is read ahead, so what is not asked for waits in the socket, and then the program does.
 */
final class CallStream implements PayloadStream {
    private final Call call;
    private final Supplier<Slot> slots;
    private final Execution execution;
    private final Runnable release;
    private final ReentrantLock lock = new ReentrantLock();

    // all guarded by the lock
    private @Nullable Slot slot;
    private @Nullable Payload chunk;
    private @Nullable PythonException failure;
    private @Nullable Future<?> expiry;
    private boolean ended;

    /** Takes a slot from {@code slots}, which waits for one; runs {@code release} once, when the call has ended. */
    CallStream(Call call, Supplier<Slot> slots, Execution execution, Runnable release) {
        this.call = call;
        this.slots = slots;
        this.execution = execution;
        this.release = release;
    }

    /** Gives the call to a worker, and ends it at its deadline even if nobody asks for anything. */
    void start(CallPath path) {
        lock.lock();
        try {
            send();
            long left = Math.max(0, call.deadlineNanos() - path.nanos());
            expiry = path.parts()
                    .timer()
                    .schedule(() -> path.executor().execute(this::expire), left, TimeUnit.NANOSECONDS);
        } catch (RuntimeException e) {
            end();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    private void send() {
        Slot asked;
        do {
            asked = slots.get();
        } while (!execution.send(call, asked));
        slot = asked;
    }

    @Override
    public boolean hasNext() {
        while (!isDecided()) {
            call.tellProgress(); // outside of the lock, for it may take its time
        }
        lock.lock();
        try {
            if (chunk == null && failure != null) {
                throw failure;
            }
            return chunk != null;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a frame unless a chunk or the end is there already; {@code false} if it was progress only. */
    private boolean isDecided() {
        lock.lock();
        try {
            if (chunk == null && !ended) {
                advance();
            }
            return chunk != null || ended;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public Payload next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the program has ended");
        }
        lock.lock();
        try {
            Payload taken = chunk;
            chunk = null;
            if (taken == null) {
                throw new NoSuchElementException("the stream was closed");
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void advance() {
        call.room().close(); // the consumer has the chunk before
        try {
            Reply reply = execution.receive(call, slot());
            while (reply == null) { // lost before the program began
                send();
                reply = execution.receive(call, slot());
            }
            if (reply.type() == FrameType.PROGRESS) {
                return;
            }
            if (!reply.endsCall()) {
                chunk = reply.payload();
                return;
            }
            boolean alone = !call.streamed();
            Payload last = execution.end(call, slot(), reply);
            chunk = alone && !isNull(last) ? last : null;
            end();
        } catch (PythonException e) {
            failure = e;
            end();
        }
    }

    private Slot slot() {
        if (slot == null) {
            throw new IllegalStateException("the call was not sent");
        }
        return slot;
    }

    private static boolean isNull(Payload result) {
        byte[] json = result.json();
        return json.length == 4 && json[0] == 'n';
    }

    private void expire() {
        stop(); // a consumer that holds the lock waits for a frame, and no longer than until now
    }

    private void stop() {
        lock.lock();
        try {
            if (!ended) {
                failure = execution.stop(call, slot());
                end();
            }
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        ended = true;
        slot = null;
        if (expiry != null) {
            expiry.cancel(false);
        }
        release.run();
    }

    @Override
    public void close() {
        call.cancel(Cancellation.CALLER); // a consumer in another thread releases the lock then
        stop();
        lock.lock();
        try {
            chunk = null;
            failure = null;
            call.room().close();
        } finally {
            lock.unlock();
        }
    }
}
