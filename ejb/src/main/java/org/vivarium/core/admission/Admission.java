package org.vivarium.core.admission;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.PythonException;
import org.vivarium.core.call.Call;
import org.vivarium.core.call.CallFailures;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.call.Cancellation;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.dispatch.SlotRequest;
import org.vivarium.core.dispatch.Waiter;
import org.vivarium.core.session.Session;
import org.vivarium.core.session.SessionTable;
import org.vivarium.core.session.SessionTurn;
import org.vivarium.core.session.TooManySessionsException;
import org.vivarium.core.session.Turn;

/** How a call comes to its slot: its turn in the session, then a permit, then a place in a queue. Thread safe. */
final class Admission {
    /** Of a call that need not wait. */
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private final CallPath path;
    private final SessionTable sessions;
    private final Affinity affinity;
    private final Bulkheads bulkheads;

    /** Kept ready, so that a call makes none. */
    private volatile Bulkheads.Limits limits;

    Admission(CallPath path) {
        this.path = path;
        PoolContext parts = path.parts();
        this.sessions =
                new SessionTable(parts.ticker(), () -> parts.store().current().integer(PoolParameter.SESSION_LIMIT));
        this.affinity = new Affinity(path, sessions.counters());
        this.limits = limits(parts.store().current());
        this.bulkheads = new Bulkheads(() -> limits, this::queueLimit, parts.ticker());
        parts.store().listen((before, after, actor) -> follow());
    }

    /** Takes the limits that hold now: of two changes that race, the last one counts. */
    private void follow() {
        synchronized (bulkheads) {
            limits = limits(path.parts().store().current());
        }
        bulkheads.recheck();
    }

    private static Bulkheads.Limits limits(PoolSettings settings) {
        return new Bulkheads.Limits(
                settings.integer(PoolParameter.PER_KEY_LIMIT), settings.integer(PoolParameter.GLOBAL_LIMIT));
    }

    private int queueLimit() {
        return queue().limit() - path.dispatcher().waiting();
    }

    private CallFailures.Queue queue() {
        return new CallFailures.Queue(
                path.dispatcher().waiting() + bulkheads.waiting(),
                path.parts().store().current().integer(PoolParameter.QUEUE_LIMIT));
    }

    SessionTable sessions() {
        return sessions;
    }

    Bulkheads bulkheads() {
        return bulkheads;
    }

    /**
     * Gets the call its turn and its permit, which {@code held} holds from the beginning of the wait on.
     *
     * @return completes once the call has all that it needs, which may be at once; exceptionally with its failure
     */
    CompletableFuture<Void> enter(Call call, CallPermits held) {
        if (call.request().sessionId() == null) {
            return takePermit(call, held);
        }
        try {
            SessionTurn turn = queueUp(call);
            held.holdTurn(turn);
            return then(acquired(turn, call, path.failures()::sessionBusy), () -> {
                call.belongsTo(turn.session());
                return takePermit(call, held);
            });
        } catch (PythonException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Gets the call a permit if it needs one; completes like {@link #enter}. */
    CompletableFuture<Void> takePermit(Call call, CallPermits held) {
        try {
            Turn permit = ask(call);
            if (permit == null) {
                return DONE;
            }
            held.hold(permit);
            return acquired(permit, call, this::keyBusy);
        } catch (PythonException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /**
     * Waits in the calling thread for what {@link #enter} or {@link Retrier#again} has begun; an interrupt cancels the
     * call.
     *
     * @throws PythonException the failure of the call
     */
    void await(Call call, CompletableFuture<Void> ready) {
        if (ready == DONE) {
            return;
        }
        try {
            ready.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            call.cancel(Cancellation.INTERRUPT); // ends the wait
            join(ready);
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        }
    }

    private static void join(CompletableFuture<Void> ready) {
        try {
            ready.join();
        } catch (CompletionException e) {
            throw failure(e);
        }
    }

    /** Returns the failure that a wait ended with, without the wrapping. */
    static RuntimeException failure(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RuntimeException plain ? plain : new CompletionException(cause);
    }

    private static CompletableFuture<Void> then(CompletableFuture<Void> first, Supplier<CompletableFuture<Void>> next) {
        return first == DONE ? next.get() : first.thenCompose(done -> next.get());
    }

    private @Nullable Turn ask(Call call) {
        NoSlotException.Reason closed = path.dispatcher().refusing();
        if (closed != null) {
            throw refused(call, closed); // nobody waits for a permit of a pool that takes no calls
        }
        try {
            return bulkheads.enter(call.request().key(), call.request().priority());
        } catch (NoSlotException e) {
            throw refused(call, e.reason());
        }
    }

    private SessionTurn queueUp(Call call) {
        try {
            return sessions.enter(requireNonNull(call.request().sessionId()));
        } catch (TooManySessionsException e) {
            throw path.ledger().ended(call, path.failures().tooManySessions(call, e));
        }
    }

    private PythonException keyBusy(Call call) {
        return path.failures().keyBusy(call, bulkheads.inWords(call.request().key()));
    }

    private CompletableFuture<Void> acquired(Turn turn, Call call, Function<Call, PythonException> late) {
        CompletableFuture<Void> begun = turn.begun();
        if (turn.hasCome()) {
            return DONE;
        }
        Future<?> expiry = path.parts()
                .timer()
                .schedule(
                        () -> begun.completeExceptionally(new TimeoutException()),
                        call.checkoutDeadlineNanos() - path.nanos(),
                        TimeUnit.NANOSECONDS);
        call.waits(() -> begun.cancel(false));
        return begun.handle((come, failure) -> {
            expiry.cancel(false);
            call.waits(null);
            if (failure != null) {
                throw failure instanceof TimeoutException ? tooLate(call, late) : cancelled(call);
            }
            return null;
        });
    }

    /** Ends a call that was cancelled while it waited, and returns the failure for its caller. */
    RuntimeException cancelled(Call call) {
        Cancellation why = call.cancellation();
        if (why == null) { // what it held was closed: it has ended already
            return new CancellationException();
        }
        if (why.equals(Cancellation.INTERRUPT)) {
            return refused(call, NoSlotException.Reason.INTERRUPTED);
        }
        call.waited(path.nanos());
        return path.ledger().ended(call, path.failures().cancelled(call, why));
    }

    private PythonException tooLate(Call call, Function<Call, PythonException> late) {
        call.waited(path.nanos());
        return path.ledger().ended(call, late.apply(call));
    }

    /** Waits for a slot, which belongs to the caller then. */
    Slot checkOut(Call call, Waiter.HeadStart headStart) {
        Session session = call.session();
        try {
            return session == null
                    ? path.dispatcher().checkOut(call.request().priority(), call.checkoutDeadlineNanos(), headStart)
                    : affinity.checkOut(call, session, headStart);
        } catch (NoSlotException e) {
            throw refused(call, e.reason());
        }
    }

    /** Like {@link #checkOut}, without holding a thread; {@code receiver} must not block. */
    void checkOutAsync(Call call, Waiter.SlotReceiver receiver) {
        Session session = call.session();
        if (session == null) {
            path.dispatcher()
                    .checkOutAsync(SlotRequest.any(call.request().priority(), call.checkoutDeadlineNanos()), receiver);
        } else {
            affinity.checkOutAsync(call, session, receiver);
        }
    }

    /** Ends a call that gets no slot, and returns the failure for its caller. */
    PythonException refused(Call call, NoSlotException.Reason reason) {
        call.waited(path.nanos());
        if (reason == NoSlotException.Reason.QUEUE_FULL) {
            path.ledger().rejected();
        }
        return path.ledger()
                .ended(
                        call,
                        path.failures()
                                .refused(call, reason, queue(), path.disposal().problem()));
    }
}
