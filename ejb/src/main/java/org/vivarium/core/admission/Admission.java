package org.vivarium.core.admission;

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
import org.vivarium.core.dispatch.WorkerQueue;
import org.vivarium.core.program.Isolation;
import org.vivarium.core.session.Session;
import org.vivarium.core.session.SessionRefusedException;
import org.vivarium.core.session.SessionTurn;
import org.vivarium.core.session.Turn;

/** How a call comes to its slot: its turn in the session, then a permit, then a place in a queue. Thread safe. */
final class Admission {
    /** Of a call that need not wait. */
    private static final CompletableFuture<Void> DONE = CompletableFuture.completedFuture(null);

    private static final Bulkheads.Limits ONE_AT_A_TIME = new Bulkheads.Limits(1, 1);

    private final CallPath path;
    private final SessionAdmission sessions;
    private final Affinity affinity;
    private final Bulkheads bulkheads;
    private final Isolation isolation;
    private final WaitingRegistry waiting = new WaitingRegistry();

    /** One for all isolated programs, which take turns: so they cost the others one worker. */
    private final Bulkheads turns;

    /** Kept ready, so that a call makes none. */
    private volatile Bulkheads.Limits limits;

    Admission(CallPath path) {
        this.path = path;
        PoolContext parts = path.parts();
        this.sessions = new SessionAdmission(path, () -> allWaiting() - waitingForTurn());
        this.affinity = new Affinity(path, sessions.table().counters());
        this.isolation = path.programs().isolation();
        this.turns = new Bulkheads(() -> ONE_AT_A_TIME, this::isolatedLimit, parts.ticker());
        this.limits = limits(parts.store().current());
        this.bulkheads = new Bulkheads(() -> limits, this::permitQueueLimit, parts.ticker());
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

    /** Calls of isolated programs hold at most a tenth of the queue. */
    private int isolatedLimit() {
        return Math.min(
                Math.max(1, limit(PoolParameter.QUEUE_LIMIT) / 10),
                limit(PoolParameter.QUEUE_LIMIT) - allWaiting() + turns.waiting());
    }

    private int permitQueueLimit() {
        return limit(PoolParameter.QUEUE_LIMIT) - allWaiting() + bulkheads.waiting();
    }

    private int limit(PoolParameter parameter) {
        return path.parts().store().current().integer(parameter);
    }

    /** Returns how many calls wait for anything but a slot; each waits for one thing at a time. */
    int waitingBefore() {
        return waitingForTurn() + turns.waiting() + bulkheads.waiting();
    }

    private int waitingForTurn() {
        return sessions.table().waiting();
    }

    private int allWaiting() {
        return waitingBefore() + path.dispatcher().waiting();
    }

    private CallFailures.Queue queue() {
        return new CallFailures.Queue(allWaiting(), limit(PoolParameter.QUEUE_LIMIT));
    }

    SessionAdmission sessions() {
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

    /**
     * Gets the call its turn if its program is isolated, and then a permit if it needs one; completes like
     * {@link #enter}. In this order, for a call that waits for such a turn must not hold a permit.
     */
    CompletableFuture<Void> takePermit(Call call, CallPermits held) {
        return then(takeTurn(call, held), () -> takeOwnPermit(call, held));
    }

    /** Gets a call of an isolated program its turn: one worker at a time runs them. */
    CompletableFuture<Void> takeTurn(Call call, CallPermits held) {
        if (!isolation.contains(call.program()) || held.hasTurn()) {
            return DONE;
        }
        try {
            Turn turn = turns.enter(call.program(), call.request().priority());
            if (turn == null) {
                return DONE;
            }
            held.holdIsolated(turn);
            return acquired(turn, call, path.failures()::isolated);
        } catch (NoSlotException e) {
            if (allWaiting() >= limit(PoolParameter.QUEUE_LIMIT)) {
                return CompletableFuture.failedFuture(refused(call, e.reason())); // not for its being isolated
            }
            call.waited(path.nanos());
            path.ledger().rejected();
            return CompletableFuture.failedFuture(
                    path.ledger().ended(call, path.failures().isolatedQueueFull(call, turns.waiting())));
        }
    }

    /** Returns whether a call has a slot though its program was isolated meanwhile and it has no turn. */
    boolean needsTurn(Call call, CallPermits held) {
        return isolation.contains(call.program()) && !held.hasTurn();
    }

    /** Returns the calls that wait, for whatever it is. */
    WaitingRegistry waiting() {
        return waiting;
    }

    /** Returns how many calls of isolated programs wait for their turn. */
    Bulkheads turns() {
        return turns;
    }

    private CompletableFuture<Void> takeOwnPermit(Call call, CallPermits held) {
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
            throw failure(e);
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
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        Throwable cause = wrapped ? failure.getCause() : failure;
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
            return sessions.enter(call);
        } catch (SessionRefusedException e) {
            throw e.reason() == SessionRefusedException.Reason.QUEUE_FULL
                    ? refused(call, NoSlotException.Reason.QUEUE_FULL)
                    : sessions.refused(call, e);
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
        waiting.waits(call, () -> begun.cancel(false));
        return begun.handle((come, failure) -> {
            expiry.cancel(false);
            waiting.waits(call, null);
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
            return session == null || isolation.contains(call.program())
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

    /**
     * Takes all other slots of the worker of {@code slot} as well, for a call of an isolated program, so that no other
     * call dies with it; waits for them in the calling thread.
     */
    void takeWholeWorker(Call call, CallPermits held, Slot slot) {
        if (!isolation.contains(call.program())) {
            return;
        }
        WorkerQueue worker = slot.workerQueue();
        int others = worker.slots().size() - 1;
        for (int i = 0; i < others && !worker.isGone(); i++) {
            try {
                long deadline = call.checkoutDeadlineNanos();
                Slot other = path.dispatcher()
                        .checkOut(new SlotRequest(Integer.MAX_VALUE, deadline, worker, deadline), unused -> {});
                if (other.workerQueue() == worker) {
                    held.holdSlot(() -> path.dispatcher().release(other));
                } else {
                    path.dispatcher().release(other); // the worker has gone: the call will find that out
                }
            } catch (NoSlotException e) {
                path.dispatcher().release(slot);
                throw refused(call, e.reason());
            }
        }
    }

    /** Ends a call that gets no slot, and returns the failure for its caller. */
    RuntimeException refused(Call call, NoSlotException.Reason reason) {
        if (reason == NoSlotException.Reason.CANCELLED) {
            return cancelled(call);
        }
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
