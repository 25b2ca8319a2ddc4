package org.vivarium.core.call;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.api.event.UnexpectedError;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.process.channel.CallChannel;
import org.vivarium.core.process.channel.ChannelLostException;
import org.vivarium.core.process.channel.DeadlineException;
import org.vivarium.core.process.channel.Reply;
import org.vivarium.core.protocol.FrameType;
import org.vivarium.core.protocol.Json;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.recovery.Diagnosis;
import org.vivarium.core.recovery.Failure;
import org.vivarium.core.session.Session;
import org.vivarium.core.worker.LimitBreach;
import org.vivarium.core.worker.Transition;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/** What happens to a call that has a slot: it is sent, its answer is read, and the slot goes back. Thread safe. */
public final class Execution {
    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);
    private static final long EXIT_STATUS_WITHIN_MILLIS = 50;

    private final CallPath path;
    private final CancellationLadder ladder;

    public Execution(CallPath path) {
        this.path = path;
        this.ladder = new CancellationLadder(path.parts());
    }

    /** Sends the call of a waiter that is about to get {@code slot}; runs in the thread that gives the slot away. */
    public void giveHeadStart(Call call, Slot slot) {
        CallChannel channel = slot.channel();
        if (channel.takes(call.frame()) && assign(call, slot)) {
            call.headStart(true);
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
        if (!call.headStart(false) && !assign(call, slot)) {
            path.condemner().handOver(slot);
            return false;
        }
        try {
            requireSendable(call, slot.channel());
            slot.channel().send(call.frame(), call);
            return true;
        } catch (NotSentException e) {
            giveBack(slot);
            throw path.ledger().ended(call, e.failure());
        } catch (ChannelLostException e) {
            lost(call, slot, e);
            return false;
        } catch (DeadlineException e) {
            throw stop(call, slot);
        } catch (RuntimeException | Error e) {
            throw stumbled(call, slot, e);
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
            return frame(call, slot.channel());
        } catch (ChannelLostException e) {
            lost(call, slot, e);
            return null;
        } catch (DeadlineException e) {
            throw stop(call, slot);
        } catch (ProtocolException e) {
            throw broken(call, slot, e);
        } catch (RuntimeException | Error e) { // nobody knows what was read: better no slot than a wrong answer
            throw stumbled(call, slot, e);
        }
    }

    private PythonException stumbled(Call call, Slot slot, Throwable cause) {
        return call.logged().during(() -> giveUpAfter(call, slot, cause));
    }

    private PythonException giveUpAfter(Call call, Slot slot, Throwable cause) {
        condemn(slot, TransitionReason.CHANNEL_LOST, cause.toString());
        path.parts()
                .telemetry()
                .publish(new UnexpectedError(path.parts().name(), slot.worker().name(), cause.toString()));
        return path.ledger().ended(call, path.failures().unexpected(call, cause));
    }

    private static Reply frame(Call call, CallChannel channel)
            throws ChannelLostException, DeadlineException, ProtocolException {
        Reply reply = channel.receive(call);
        while (reply.type() == FrameType.PROGRESS) {
            Map<String, Object> told = Json.readObject(reply.payload().json());
            if (!(told.get("fraction") instanceof Number fraction)
                    || !(told.get("message") instanceof String message)) {
                throw new ProtocolException("PROGRESS without fraction or message");
            }
            call.progressed(fraction.doubleValue(), message);
            if (call.isStream()) {
                return reply; // its listener is told outside of the stream's lock
            }
            call.tellProgress();
            reply = channel.receive(call);
        }
        if (reply.type() == FrameType.CHUNK && !call.isStream()) {
            throw new ProtocolException("CHUNK for a call that is no stream");
        }
        call.wasAnswered(reply.type() == FrameType.CHUNK);
        return reply;
    }

    /**
     * Ends the call with its final frame, and gives the slot back.
     *
     * @throws PythonException if that is an error
     */
    public Payload end(Call call, Slot slot, Reply reply) {
        PythonException error = null;
        if (reply.isError()) {
            try {
                error = WorkerError.of(reply.payload().json(), call, path.nanos());
            } catch (ProtocolException e) {
                throw broken(call, slot, e);
            }
        }
        count(slot.worker(), error != null);
        checkpoint(call, reply);
        giveBack(slot);
        if (error != null) {
            throw path.ledger().ended(call, error);
        }
        path.ledger().ended(call);
        return reply.payload();
    }

    /** Stops a call whose time is up or that was given up, and returns what its caller is told. */
    public PythonException stop(Call call, Slot slot) {
        return call.logged().during(() -> climbDown(call, slot));
    }

    private PythonException climbDown(Call call, Slot slot) {
        Cancellation why = call.cancellation();
        TransitionReason reason = why == null ? TransitionReason.CALL_DEADLINE_PASSED : TransitionReason.CALL_CANCELLED;
        String detail = why == null
                ? call.program()
                : "ran '%s' on though it was cancelled by %s".formatted(call.program(), why.by());
        try {
            CancellationResult stopped = letGo(slot, ladder.climb(slot, reason, detail), reason, detail);
            return path.ledger()
                    .ended(
                            call,
                            why == null
                                    ? path.failures().timedOut(call, stopped)
                                    : path.failures().cancelled(call, why, stopped));
        } catch (ProtocolException e) {
            return broken(call, slot, e);
        }
    }

    private CancellationResult letGo(Slot slot, CancellationResult stopped, TransitionReason reason, String detail) {
        if (stopped.reply() == null) {
            condemn(slot, reason, detail);
            return stopped;
        }
        if (stopped.leftBehind() == null) {
            count(slot.worker(), true);
            giveBack(slot);
            return stopped;
        }
        String left = "left %s behind when its call was stopped".formatted(stopped.leftBehind());
        if (slot.worker().machine().beginTerminationIfAlone(TransitionReason.WORK_LEFT_BEHIND, left)) {
            condemn(slot, TransitionReason.WORK_LEFT_BEHIND, left);
            return stopped;
        }
        count(slot.worker(), true); // others have calls there, and perhaps it is theirs what was found
        path.condemner().recycle(slot.worker(), TransitionReason.WORK_LEFT_BEHIND);
        giveBack(slot);
        return stopped.inPeace();
    }

    private PythonException broken(Call call, Slot slot, ProtocolException cause) {
        call.logged().during(() -> condemn(slot, TransitionReason.PROTOCOL_BROKEN, cause.getMessage()));
        return path.ledger().ended(call, path.failures().brokenProtocol(call, cause));
    }

    private void count(Worker worker, boolean failed) {
        if (worker.countCall(failed)) {
            path.condemner().recycle(worker, TransitionReason.CALL_LIMIT_REACHED);
        }
    }

    /** Keeps what a successful call has left of its session; a failed one leaves it as it was. */
    private static void checkpoint(Call call, Reply reply) {
        Session session = call.session();
        if (session != null && !reply.isError()) {
            session.checkpoint(reply.state());
        }
    }

    /** Gives up the worker; within the log fields of its call. */
    private void condemn(Slot slot, TransitionReason reason, @Nullable String detail) {
        LOG.info("pool '{}': gives up worker {}: {} ({})", path.parts().name(), slot.worker(), reason, detail);
        slot.show(null);
        count(slot.worker(), true);
        path.condemner().condemn(slot, reason, detail);
        slot.worker().machine().checkIn(); // last: the worker cannot become ready by it any more
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

    private void giveBack(Slot slot) {
        slot.show(null);
        slot.worker().machine().checkIn();
        path.tellCheckIn(slot.worker());
        path.dispatcher().release(slot);
    }

    /** Gives up a worker that was lost; returns if the program had surely not begun, so that another is asked. */
    private void lost(Call call, Slot slot, ChannelLostException loss) {
        call.logged().during(() -> condemn(slot, TransitionReason.CHANNEL_LOST, loss.getMessage()));
        if (!loss.mayHaveBegun() && !call.answered()) {
            call.again();
            return;
        }
        LimitBreach breach = slot.worker().breach();
        throw path.ledger()
                .ended(
                        call,
                        breach == null
                                ? path.failures().workerLost(call, exitInWords(slot.worker()))
                                : path.failures().limitExceeded(call, breach));
    }

    private static String exitInWords(Worker worker) {
        Transition end = worker.machine().termination();
        String why = end == null ? null : reasonInWords(worker, end);
        if (why != null) {
            return why; // says more than the signal that ended it
        }
        try {
            return worker.requireProcess()
                    .exit()
                    .get(EXIT_STATUS_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                    .inWords();
        } catch (TimeoutException | ExecutionException e) {
            return "closed its channel";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "was lost";
        }
    }

    private static @Nullable String reasonInWords(Worker worker, Transition end) {
        if (end.reason() == TransitionReason.HEARTBEAT_LOST) {
            return end.detail() + " and was ended";
        }
        if (end.reason() == TransitionReason.POOL_CLOSED) {
            return "was ended because the pool was closed";
        }
        Failure failure = end.reason().isOfItsCall() ? Diagnosis.of(worker, null) : null;
        return failure == null ? null : "was ended for another of its calls (it " + failure.how() + ")";
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
