package org.vivarium.core.admission;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.PythonException;
import org.vivarium.core.call.Call;
import org.vivarium.core.call.CallPath;
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

/** How a call comes to its slot: its turn in the session, then a permit, then a place in a line. Thread safe. */
final class Admission {
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
        return path.parts().store().current().integer(PoolParameter.QUEUE_LIMIT)
                - path.dispatcher().waiting();
    }

    SessionTable sessions() {
        return sessions;
    }

    Bulkheads bulkheads() {
        return bulkheads;
    }

    /** Waits for the call's turn and its permit; the answer gives both back when it is closed. */
    CallPermits enter(Call call) {
        SessionTurn turn = call.request().sessionId() == null ? null : queueUp(call);
        CallPermits held = new CallPermits(turn);
        try {
            if (turn != null) {
                await(turn, call, path.failures()::sessionBusy);
                call.belongsTo(turn.session());
            }
            takePermit(call, held);
            return held;
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
    }

    /** Waits for a permit if the call needs one, which {@code held} holds then. */
    void takePermit(Call call, CallPermits held) {
        Turn permit = ask(call);
        if (permit != null) {
            held.hold(permit);
            await(permit, call, this::keyBusy);
        }
    }

    /**
     * Like {@link #enter}, without holding a thread; tells {@code then} a failure, or none once the call has all that
     * it needs.
     */
    CallPermits enterAsync(Call call, BiConsumer<CallPermits, @Nullable PythonException> then) {
        SessionTurn turn = call.request().sessionId() == null ? null : queueUp(call);
        CallPermits held = new CallPermits(turn);
        Consumer<@Nullable PythonException> told = failure -> then.accept(held, failure);
        if (turn == null) {
            takePermitAsync(call, held, told);
            return held;
        }
        awaitAsync(turn, call, path.failures()::sessionBusy, failure -> {
            if (failure == null) {
                call.belongsTo(turn.session());
                takePermitAsync(call, held, told);
            } else {
                told.accept(failure);
            }
        });
        return held;
    }

    /** Like {@link #takePermit}, without holding a thread. */
    void takePermitAsync(Call call, CallPermits held, Consumer<@Nullable PythonException> then) {
        Turn permit;
        try {
            permit = ask(call);
        } catch (PythonException e) {
            then.accept(e);
            return;
        }
        if (permit == null) {
            then.accept(null);
        } else {
            held.hold(permit);
            awaitAsync(permit, call, this::keyBusy, then);
        }
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

    private void await(Turn turn, Call call, Function<Call, PythonException> late) {
        try {
            if (!turn.await(call.checkoutDeadlineNanos() - path.nanos())) {
                throw tooLate(call, late);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(call, NoSlotException.Reason.INTERRUPTED);
        }
    }

    private void awaitAsync(
            Turn turn, Call call, Function<Call, PythonException> late, Consumer<@Nullable PythonException> then) {
        long left = call.checkoutDeadlineNanos() - path.nanos();
        var unused = turn.begun().orTimeout(left, TimeUnit.NANOSECONDS).whenComplete((begun, failure) -> {
            if (failure == null) {
                then.accept(null);
            } else if (!(failure instanceof CancellationException)) { // else it was closed: the call has ended already
                then.accept(tooLate(call, late));
            }
        });
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

    /** Ends a call that gets no slot, and returns what its caller is told. */
    PythonException refused(Call call, NoSlotException.Reason reason) {
        call.waited(path.nanos());
        if (reason == NoSlotException.Reason.QUEUE_FULL) {
            path.ledger().rejected();
        }
        return path.ledger()
                .ended(
                        call,
                        path.failures().refused(call, reason, path.disposal().problem()));
    }
}
