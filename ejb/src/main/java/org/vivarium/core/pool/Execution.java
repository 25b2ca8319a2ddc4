package org.vivarium.core.pool;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.Payload;
import org.vivarium.api.PythonException;
import org.vivarium.core.process.CallChannel;
import org.vivarium.core.process.ChannelLostException;
import org.vivarium.core.process.DeadlineException;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.session.Session;
import org.vivarium.core.worker.LimitBreach;
import org.vivarium.core.worker.Transition;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/** What happens to a call that has a slot: it is sent, its answer is read, and the slot goes back. Thread safe. */
final class Execution {
    private static final long EXIT_STATUS_WITHIN_MILLIS = 50;

    private final CallPath path;

    Execution(CallPath path) {
        this.path = path;
    }

    /** Sends the call of a waiter that is about to get {@code slot}; runs in the thread that gives the slot away. */
    void giveHeadStart(Call call, Slot slot) {
        CallChannel channel = slot.channel();
        if (fits(call, channel) && assign(call, slot)) {
            call.headStart(true);
            if (!call.expired()) {
                channel.sendAhead(call.frame(), call.deadlineNanos());
            }
        }
    }

    /** Makes the worker busy with the call; {@code false} if it takes no calls any more. */
    private boolean assign(Call call, Slot slot) {
        if (!slot.worker().machine().tryCheckOut()) {
            return false;
        }
        call.givenTo(slot.worker(), path.nanos());
        return true;
    }

    /** Runs the call on {@code slot} and gives the slot back; {@code null} if another slot must be asked. */
    @Nullable Payload attempt(Call call, Slot slot) {
        if (!call.headStart(false) && !assign(call, slot)) {
            path.condemner().handOver(slot);
            return null;
        }
        return run(call, slot);
    }

    private @Nullable Payload run(Call call, Slot slot) {
        byte[] body;
        PythonException error;
        try {
            CallChannel channel = slot.channel();
            requireSendable(call, channel);
            body = channel.exchange(call.frame(), call.deadlineNanos());
            error = channel.lastReplyIsError() ? WorkerError.of(body, call, path.nanos()) : null;
        } catch (NotSentException e) {
            giveBack(slot);
            throw path.ledger().ended(call, e.failure());
        } catch (ChannelLostException e) {
            return lost(call, slot, e);
        } catch (DeadlineException e) {
            condemn(slot, TransitionReason.CALL_DEADLINE_PASSED, call.program());
            throw path.ledger().ended(call, path.failures().timedOut(call));
        } catch (ProtocolException e) {
            condemn(slot, TransitionReason.PROTOCOL_BROKEN, e.getMessage());
            throw path.ledger().ended(call, path.failures().brokenProtocol(call, e));
        } catch (RuntimeException | Error e) { // nobody knows what was read: better no slot than a wrong answer
            condemn(slot, TransitionReason.CHANNEL_LOST, e.toString());
            throw path.ledger().ended(call, path.failures().unexpected(call, e));
        }
        count(slot.worker(), error != null);
        checkpoint(call, slot, error == null);
        giveBack(slot);
        if (error != null) {
            throw path.ledger().ended(call, error);
        }
        path.ledger().ended(call);
        return Payload.of(body);
    }

    private void count(Worker worker, boolean failed) {
        if (worker.countCall(failed)) {
            path.condemner().spent(worker);
        }
    }

    /** Keeps what a successful call has left of its session; a failed one leaves it as it was. */
    private static void checkpoint(Call call, Slot slot, boolean succeeded) {
        Session session = call.session();
        if (session != null && succeeded) {
            session.checkpoint(slot.channel().lastReplyState());
        }
    }

    private void condemn(Slot slot, TransitionReason reason, @Nullable String detail) {
        count(slot.worker(), true);
        path.condemner().condemn(slot, reason, detail);
    }

    private void requireSendable(Call call, CallChannel channel) throws NotSentException {
        if (call.expired()) {
            throw new NotSentException(path.failures().timedOut(call));
        }
        if (!fits(call, channel)) {
            throw new NotSentException(path.failures().tooLarge(call, channel.maximumFrameBytes()));
        }
    }

    private static boolean fits(Call call, CallChannel channel) {
        return call.frame().length() <= channel.maximumFrameBytes();
    }

    private void giveBack(Slot slot) {
        slot.worker().machine().checkIn();
        path.dispatcher().release(slot);
    }

    private @Nullable Payload lost(Call call, Slot slot, ChannelLostException loss) {
        condemn(slot, TransitionReason.CHANNEL_LOST, loss.getMessage());
        if (!loss.mayHaveBegun()) {
            call.again();
            return null;
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
        if (end != null && end.reason() == TransitionReason.HEARTBEAT_LOST) {
            return end.detail() + " and was ended"; // says more than the signal that ended it
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
