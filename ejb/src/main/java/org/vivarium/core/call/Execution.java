package org.vivarium.core.call;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.process.channel.CallChannel;
import org.vivarium.core.process.channel.ChannelLostException;
import org.vivarium.core.process.channel.DeadlineException;
import org.vivarium.core.process.channel.Reply;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Json;
import org.vivarium.core.protocol.ProtocolException;

/** What happens to a call that has a slot: it is sent, its answer is read, and the slot goes back. Thread safe. */
public final class Execution {
    private final CallPath path;
    private final CallEndings endings;

    public Execution(CallPath path) {
        this.path = path;
        this.endings = new CallEndings(path);
    }

    /** Sends the call of a waiter that is about to get {@code slot}; runs in the thread that gives the slot away. */
    public void giveHeadStart(Call call, Slot slot) {
        CallChannel channel = slot.channel();
        if (path.programs().isolation().contains(call.program())) {
            return; // it may have to wait for its turn yet
        }
        if (channel.takes(call.frame()) && assign(call, slot)) {
            call.attempt().headStart(true);
            if (!call.expired() && !call.givenUp()) {
                channel.sendAhead(call.frame(), call.deadlineNanos());
            }
        }
    }

    /** Makes the worker busy with the call; {@code false} if it takes no calls any more. */
    private boolean assign(Call call, Slot slot) {
        if (!slot.worker().machine().tryCheckOut()) {
            return false;
        }
        call.givenTo(slot, path.nanos());
        path.tellCheckOut(call, slot.worker());
        return true;
    }

    /** Runs the call on {@code slot} and gives the slot back; {@code null} if another slot must be asked. */
    public @Nullable Payload attempt(Call call, Slot slot) {
        Reply reply = send(call, slot) ? receive(call, slot) : null;
        return reply == null ? null : end(call, slot, reply);
    }

    /**
     * Sends the call.
     *
     * @return {@code false} if another slot must be asked
     * @throws PythonException if the call has failed; the slot is given back then
     */
    public boolean send(Call call, Slot slot) {
        if (!call.attempt().headStart(false) && !assign(call, slot)) {
            path.disposal().handOver(slot);
            return false;
        }
        try {
            requireSendable(call, slot.channel());
            slot.channel().send(call.frame(), call);
            slot.worker().sent(Integer.BYTES + call.frame().length(false));
            return true;
        } catch (NotSentException e) {
            endings.giveBack(slot);
            throw path.ledger().ended(call, e.failure());
        } catch (ChannelLostException e) {
            endings.lost(call, slot, e);
            return false;
        } catch (DeadlineException e) {
            throw endings.stopped(call, slot);
        } catch (RuntimeException | Error e) {
            throw endings.failedInside(call, slot, e);
        }
    }

    /**
     * Waits for the next frame that answers the call which was sent.
     *
     * @return {@code null} if another slot must be asked, which can only be instead of the first frame
     * @throws PythonException if the call has failed; the slot is given back then
     */
    public @Nullable Reply receive(Call call, Slot slot) {
        try {
            return frame(call, slot);
        } catch (ChannelLostException e) {
            endings.lost(call, slot, e);
            return null;
        } catch (DeadlineException e) {
            throw endings.stopped(call, slot);
        } catch (ProtocolException e) {
            throw endings.broken(call, slot, e);
        } catch (RuntimeException | Error e) { // nobody knows what was read: better no slot than a wrong answer
            throw endings.failedInside(call, slot, e);
        }
    }

    private static Reply frame(Call call, Slot slot) throws ChannelLostException, DeadlineException, ProtocolException {
        Reply reply = next(call, slot);
        while (reply.type() == FrameType.PROGRESS) {
            Map<String, Object> progress = Json.readObject(reply.payload().json());
            if (!(progress.get("fraction") instanceof Number fraction)
                    || !(progress.get("message") instanceof String message)) {
                throw new ProtocolException("PROGRESS without fraction or message");
            }
            call.attempt().progressed(fraction.doubleValue(), message);
            if (call.isStream()) {
                return reply; // its listener is called outside of the stream's lock
            }
            call.tellProgress();
            reply = next(call, slot);
        }
        if (reply.type() == FrameType.CHUNK && !call.isStream()) {
            throw new ProtocolException("CHUNK for a call that is no stream");
        }
        call.wasAnswered(reply.type() == FrameType.CHUNK);
        return reply;
    }

    private static Reply next(Call call, Slot slot) throws ChannelLostException, DeadlineException, ProtocolException {
        Reply reply = slot.channel().receive(call);
        slot.worker().received(reply.bytes());
        return reply;
    }

    /**
     * Ends the call with its final frame, and gives the slot back.
     *
     * @throws PythonException if that is an error
     */
    public Payload end(Call call, Slot slot, Reply reply) {
        return endings.replied(call, slot, reply);
    }

    /** Stops a call whose deadline has passed or that was cancelled, and returns the failure for its caller. */
    public PythonException stop(Call call, Slot slot) {
        return endings.stopped(call, slot);
    }

    private void requireSendable(Call call, CallChannel channel) throws NotSentException {
        Cancellation why = call.cancellation();
        if (why != null) {
            throw new NotSentException(path.failures().cancelled(call, why));
        }
        if (call.expired()) {
            throw new NotSentException(path.failures().tooLate(call));
        }
        if (!channel.takes(call.frame())) {
            throw new NotSentException(path.failures().tooLarge(call, channel.maximumFrameBytes()));
        }
    }

    /** A call that ends before anything of it was sent; the slot is as good as before. */
    private static final class NotSentException extends Exception {
        private static final long serialVersionUID = 1;

        private final PythonException failure;

        NotSentException(PythonException failure) {
            super(failure);
            this.failure = failure;
        }

        PythonException failure() {
            return failure;
        }
    }
}
