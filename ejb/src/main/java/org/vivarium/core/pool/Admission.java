package org.vivarium.core.pool;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.PythonException;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.session.SessionTable;
import org.vivarium.core.session.TooManySessionsException;
import org.vivarium.core.session.Turn;

/** How a call comes to its slot: its turn in the session, then a place in the line of the pool. Thread safe. */
final class Admission {
    private final CallPath path;
    private final SessionTable sessions;

    Admission(CallPath path) {
        this.path = path;
        PoolParts parts = path.parts();
        this.sessions =
                new SessionTable(parts.ticker(), () -> parts.store().current().integer(PoolParameter.SESSION_LIMIT));
    }

    SessionTable sessions() {
        return sessions;
    }

    /** Waits for the call's turn; the answer ends it, and is {@code null} if the call belongs to no session. */
    @Nullable Turn enter(Call call) {
        if (call.sessionId() == null) {
            return null;
        }
        Turn turn = queueUp(call);
        try {
            awaitTurn(turn, call);
            return turn;
        } catch (PythonException e) {
            turn.close();
            throw e;
        }
    }

    /**
     * Like {@link #enter}, without holding a thread; tells {@code then} a failure, or none once it is the call's turn.
     */
    @Nullable Turn enterAsync(Call call, BiConsumer<Call, @Nullable PythonException> then) {
        if (call.sessionId() == null) {
            then.accept(call, null);
            return null;
        }
        Turn turn = queueUp(call);
        long left = call.checkoutDeadlineNanos() - path.nanos();
        var unused = turn.begun().orTimeout(left, TimeUnit.NANOSECONDS).whenComplete((begun, late) -> {
            if (late == null) {
                call.belongsTo(turn.session());
                then.accept(call, null);
            } else {
                call.waited(path.nanos());
                then.accept(call, path.ledger().ended(call, path.failures().sessionBusy(call)));
            }
        });
        return turn;
    }

    private Turn queueUp(Call call) {
        try {
            return sessions.enter(requireNonNull(call.sessionId()));
        } catch (TooManySessionsException e) {
            throw path.ledger().ended(call, path.failures().tooManySessions(call, e));
        }
    }

    private void awaitTurn(Turn turn, Call call) {
        try {
            if (!turn.await(call.checkoutDeadlineNanos() - path.nanos())) {
                call.waited(path.nanos());
                throw path.ledger().ended(call, path.failures().sessionBusy(call));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(call, NoSlotException.Reason.INTERRUPTED);
        }
        call.belongsTo(turn.session());
    }

    /** Waits for a slot, which belongs to the caller then. */
    Slot checkOut(Call call, Waiter.HeadStart headStart) {
        Slot preferred = path.dispatcher().checkOutAt(call.preferredPlace());
        if (preferred != null) {
            return preferred;
        }
        try {
            return path.dispatcher().checkOut(call.priority(), call.checkoutDeadlineNanos(), headStart);
        } catch (NoSlotException e) {
            throw refused(call, e.reason());
        }
    }

    /** Like {@link #checkOut}, without holding a thread; {@code receiver} must not block. */
    void checkOutAsync(Call call, Waiter.SlotReceiver receiver) {
        path.dispatcher().checkOutAsync(call.priority(), call.checkoutDeadlineNanos(), receiver);
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
                        path.failures().refused(call, reason, path.condemner().problem()));
    }
}
