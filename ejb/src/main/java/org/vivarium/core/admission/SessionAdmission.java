package org.vivarium.core.admission;

import static java.util.Objects.requireNonNull;

import java.util.function.IntSupplier;
import org.vivarium.api.PythonException;
import org.vivarium.core.call.Call;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.session.Session;
import org.vivarium.core.session.SessionLimits;
import org.vivarium.core.session.SessionRefusedException;
import org.vivarium.core.session.SessionTable;
import org.vivarium.core.session.SessionTurn;

/** How a call comes to its session, within the limits that are configured now. Thread safe. */
final class SessionAdmission {
    private static final int BITS_PER_MEBIBYTE = 20;

    private final CallPath path;
    private final IntSupplier waitingElsewhere;
    private final SessionTable sessions;

    /** Takes how many calls of the pool wait for anything but their turn: they share one queue limit. */
    SessionAdmission(CallPath path, IntSupplier waitingElsewhere) {
        this.path = path;
        this.waitingElsewhere = waitingElsewhere;
        this.sessions = new SessionTable(path.parts().ticker(), new Configured());
    }

    SessionTable table() {
        return sessions;
    }

    /**
     * Returns a turn in the session of {@code call}, which is made if there is none.
     *
     * @throws SessionRefusedException if there are too many sessions, too much state of them, or too many who wait
     */
    SessionTurn enter(Call call) throws SessionRefusedException {
        return sessions.enter(requireNonNull(call.request().sessionId()));
    }

    /** Returns whether there is room for the session of {@code call}, which most have already. */
    static boolean tryOpen(Call call) {
        Session session = call.session();
        return session == null || session.tryOpen();
    }

    /**
     * Lets a call run that has {@code slot}, unless its session is new and there is no room for another: a call that
     * has waited for a worker meets the budget once more.
     *
     * @throws PythonException the failure of the call, which has given its slot back
     */
    void requireRoom(Call call, Slot slot) {
        if (!tryOpen(call)) {
            path.dispatcher().release(slot);
            call.waited(path.nanos());
            throw refused(call, sessions.full());
        }
    }

    /** Ends a call that would need one session too many, and returns the failure for its caller. */
    PythonException refused(Call call, SessionRefusedException why) {
        return path.ledger().ended(call, path.failures().newSessionRefused(call, why));
    }

    /** The limits of sessions, as they are configured now. */
    private final class Configured implements SessionLimits {
        private PoolSettings settings() {
            return path.parts().store().current();
        }

        @Override
        public int sessions() {
            return settings().integer(PoolParameter.SESSION_LIMIT);
        }

        @Override
        public long stateBytes() {
            return settings().value(PoolParameter.SESSION_BUDGET_MEGABYTES) << BITS_PER_MEBIBYTE;
        }

        @Override
        public int waiting() {
            return settings().integer(PoolParameter.QUEUE_LIMIT) - waitingElsewhere.getAsInt();
        }
    }
}
