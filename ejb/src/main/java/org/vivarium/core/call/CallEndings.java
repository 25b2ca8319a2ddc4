package org.vivarium.core.call;

import java.time.Duration;
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
import org.vivarium.core.process.ExitStatus;
import org.vivarium.core.process.channel.ChannelLostException;
import org.vivarium.core.process.channel.DeadlineException;
import org.vivarium.core.process.channel.Reply;
import org.vivarium.core.protocol.ProtocolException;
import org.vivarium.core.recovery.Diagnosis;
import org.vivarium.core.recovery.Failure;
import org.vivarium.core.session.Session;
import org.vivarium.core.worker.LimitBreach;
import org.vivarium.core.worker.Transition;
import org.vivarium.core.worker.TransitionReason;
import org.vivarium.core.worker.Worker;

/**
 * How a call ends that has a slot: with a reply, stopped at its deadline or by who cancels it, or together with its
 * worker. Each way releases the slot or discards its worker, and reports to the ledger. Thread safe.
 */
final class CallEndings {
    private static final Logger LOG = LoggerFactory.getLogger(CallEndings.class);
    private static final long EXIT_STATUS_WITHIN_MILLIS = 50;
    private static final Duration DROP_WITHIN = Duration.ofSeconds(5);

    private final CallPath path;
    private final CancellationLadder ladder;

    CallEndings(CallPath path) {
        this.path = path;
        this.ladder = new CancellationLadder(path.parts());
    }

    /**
     * Ends the call with its final frame, and gives the slot back.
     *
     * @throws PythonException if that is an error
     */
    Payload replied(Call call, Slot slot, Reply reply) {
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

    /** Stops a call whose deadline has passed or that was cancelled, and returns the failure for its caller. */
    PythonException stopped(Call call, Slot slot) {
        return call.logged().during(() -> {
            PythonException undelivered = slot.channel().hasUnheld() ? undelivered(call, slot) : null;
            return undelivered == null ? climb(call, slot) : undelivered;
        });
    }

    /**
     * Drops a frame that found no room in time; returns the failure of its call, or {@code null} if the program goes
     * on.
     */
    private @Nullable PythonException undelivered(Call call, Slot slot) {
        call.room().giveUp();
        long until = path.nanos() + DROP_WITHIN.toNanos();
        try {
            if (!slot.channel().dropUnheld(() -> until)) {
                return null;
            }
        } catch (ChannelLostException | DeadlineException e) {
            discard(slot, TransitionReason.CHANNEL_LOST, e.getMessage());
            return path.ledger().ended(call, path.failures().undelivered(call));
        }
        count(slot.worker(), false);
        giveBack(slot);
        return path.ledger().ended(call, path.failures().undelivered(call));
    }

    private PythonException climb(Call call, Slot slot) {
        Cancellation why = call.cancellation();
        TransitionReason reason = why == null ? TransitionReason.CALL_DEADLINE_PASSED : TransitionReason.CALL_CANCELLED;
        String detail = why == null
                ? call.program()
                : "went on running '%s' after it was cancelled by %s".formatted(call.program(), why.by());
        try {
            CancellationResult stopped = released(slot, ladder.climb(slot, reason, detail), reason, detail);
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

    private CancellationResult released(Slot slot, CancellationResult stopped, TransitionReason reason, String detail) {
        if (stopped.reply() == null) {
            discard(slot, reason, detail);
            return stopped;
        }
        if (stopped.leftBehind() == null) {
            count(slot.worker(), true);
            giveBack(slot);
            return stopped;
        }
        String left = "left %s behind when its call was stopped".formatted(stopped.leftBehind());
        if (slot.worker().machine().beginTerminationIfAlone(TransitionReason.WORK_LEFT_BEHIND, left)) {
            discard(slot, TransitionReason.WORK_LEFT_BEHIND, left);
            return stopped;
        }
        count(slot.worker(), true); // others have calls there, and perhaps it is theirs what was found
        path.disposal().recycle(slot.worker(), TransitionReason.WORK_LEFT_BEHIND);
        giveBack(slot);
        return stopped.inPeace();
    }

    /** Ends a call after a fault of our own: nobody knows what was read, so its worker goes. */
    PythonException failedInside(Call call, Slot slot, Throwable cause) {
        return call.logged().during(() -> discardAfter(call, slot, cause));
    }

    private PythonException discardAfter(Call call, Slot slot, Throwable cause) {
        discard(slot, TransitionReason.CHANNEL_LOST, cause.toString());
        path.parts()
                .telemetry()
                .publish(new UnexpectedError(path.parts().name(), slot.worker().name(), cause.toString()));
        return path.ledger().ended(call, path.failures().unexpected(call, cause));
    }

    /** Ends a call whose worker broke the protocol. */
    PythonException broken(Call call, Slot slot, ProtocolException cause) {
        call.logged().during(() -> discard(slot, TransitionReason.PROTOCOL_BROKEN, cause.getMessage()));
        return path.ledger().ended(call, path.failures().brokenProtocol(call, cause));
    }

    /** Discards a worker that was lost; returns if the program had surely not begun, so that another is asked. */
    void lost(Call call, Slot slot, ChannelLostException loss) {
        boolean begun = loss.mayHaveBegun() || call.attempt().answered();
        if (!begun) {
            slot.show(null); // the program is not to blame
        }
        call.logged().during(() -> discard(slot, TransitionReason.CHANNEL_LOST, loss.getMessage()));
        if (!begun) {
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

    /** Gives the slot back, as good as before. */
    void giveBack(Slot slot) {
        slot.show(null);
        slot.worker().machine().checkIn();
        path.tellCheckIn(slot.worker());
        path.dispatcher().release(slot);
    }

    /** Discards the worker; within the log fields of its call. */
    private void discard(Slot slot, TransitionReason reason, @Nullable String detail) {
        LOG.info("pool '{}': discarding worker {}: {} ({})", path.parts().name(), slot.worker(), reason, detail);
        count(slot.worker(), true);
        path.disposal().discard(slot, reason, detail); // sees which call the slot has
        slot.show(null);
        slot.worker().machine().checkIn(); // last: the worker cannot become ready by it any more
    }

    private void count(Worker worker, boolean failed) {
        if (worker.countCall(failed)) {
            path.disposal().recycle(worker, TransitionReason.CALL_LIMIT_REACHED);
        }
    }

    /** Keeps what a successful call has left of its session; a failed one leaves it as it was. */
    private static void checkpoint(Call call, Reply reply) {
        Session session = call.session();
        if (session != null && !reply.isError()) {
            session.checkpoint(reply.state());
        }
    }

    private static String exitInWords(Worker worker) {
        Transition end = worker.machine().termination();
        String why = end == null ? null : reasonInWords(worker, end);
        if (why != null) {
            return why; // says more than the signal that ended it
        }
        try {
            ExitStatus status = worker.requireProcess().exit().get(EXIT_STATUS_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
            return end == null || end.reason().isLoss() ? status.inWords() : status.bySignal();
        } catch (TimeoutException | ExecutionException e) {
            return "closed its channel";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "was lost";
        }
    }

    private static @Nullable String reasonInWords(Worker worker, Transition end) {
        if (end.reason() == TransitionReason.HEARTBEAT_LOST) {
            return end.detail() + " and was terminated";
        }
        if (end.reason() == TransitionReason.POOL_CLOSED) {
            return "was terminated because the pool was closed";
        }
        Failure failure = end.reason().isOfItsCall() ? Diagnosis.of(worker, null) : null;
        return failure == null ? null : "was terminated for another of its calls (it " + failure.how() + ")";
    }
}
