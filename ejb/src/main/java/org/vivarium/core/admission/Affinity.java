package org.vivarium.core.admission;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.WorkerState;
import org.vivarium.api.event.EventType;
import org.vivarium.core.call.Call;
import org.vivarium.core.call.CallPath;
import org.vivarium.core.config.AffinityMode;
import org.vivarium.core.config.PoolParameter;
import org.vivarium.core.config.PoolSettings;
import org.vivarium.core.dispatch.NoSlotException;
import org.vivarium.core.dispatch.Slot;
import org.vivarium.core.dispatch.SlotRequest;
import org.vivarium.core.dispatch.Waiter;
import org.vivarium.core.dispatch.WorkerQueue;
import org.vivarium.core.session.AffinityCounters;
import org.vivarium.core.session.AffinityTarget;
import org.vivarium.core.session.Session;

/**
 * Which worker the calls of sessions run in: the one that their session is bound to, as far as AffinityMode has it.
 *
 * <p>A session is bound to the worker of its first call, which is the free one with the fewest sessions; and again when
 * that worker has gone. Thread safe.
 */
final class Affinity {
    /** How long strict-fail waits for a worker that has no call: a health check has its slot for a moment. */
    private static final long CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final CallPath path;
    private final AffinityCounters counters;

    Affinity(CallPath path, AffinityCounters counters) {
        this.path = path;
        this.counters = counters;
    }

    /** Waits for a slot for the call of {@code session}. */
    Slot checkOut(Call call, Session session, Waiter.HeadStart headStart) throws NoSlotException {
        Preference preference = preference(call, session);
        try {
            Slot slot = preference.isFirst() ? path.dispatcher().checkOutFewest() : null;
            return preference.settle(slot != null ? slot : path.dispatcher().checkOut(preference.request, headStart));
        } catch (NoSlotException e) {
            throw preference.refused(e);
        }
    }

    /** Likewise, without holding a thread; {@code receiver} must not block. */
    void checkOutAsync(Call call, Session session, Waiter.SlotReceiver receiver) {
        Preference preference = preference(call, session);
        try {
            Slot slot = preference.isFirst() ? path.dispatcher().checkOutFewest() : null;
            if (slot != null) {
                receiver.take(preference.settle(slot), null);
                return;
            }
        } catch (NoSlotException e) {
            receiver.take(null, e);
            return;
        }
        path.dispatcher().checkOutAsync(preference.request, new Waiter.SlotReceiver() {
            @Override
            public void take(@Nullable Slot slot, @Nullable NoSlotException refused) {
                receiver.take(
                        slot == null ? null : preference.settle(slot),
                        refused == null ? null : preference.refused(refused));
            }

            @Override
            public void waits(@Nullable Runnable leave) {
                receiver.waits(leave);
            }
        });
    }

    private Preference preference(Call call, Session session) {
        PoolSettings settings = path.parts().store().current();
        AffinityMode mode = AffinityMode.of(settings);
        AffinityTarget target = session.target();
        WorkerQueue bound = target instanceof WorkerQueue queue && !queue.isGone() ? queue : null;
        call.boundTo(bound == null ? null : bound.name());
        SlotRequest request = mode == AffinityMode.NONE || bound == null
                ? SlotRequest.any(call.request().priority(), call.checkoutDeadlineNanos())
                : request(call, bound, settings);
        return new Preference(call, session, mode, target, request);
    }

    private SlotRequest request(Call call, WorkerQueue bound, PoolSettings settings) {
        long deadline = call.checkoutDeadlineNanos();
        return switch (AffinityMode.of(settings)) {
            case NONE -> SlotRequest.any(call.request().priority(), deadline);
            case PREFER -> {
                long anyFrom = path.nanos() + settings.nanos(PoolParameter.AFFINITY_WAIT);
                yield new SlotRequest(call.request().priority(), deadline, bound, anyFrom);
            }
            case STRICT_QUEUE -> new SlotRequest(call.request().priority(), deadline, bound, deadline);
            case STRICT_FAIL -> {
                long soon = earlier(deadline, path.nanos() + (isIdle(bound) ? CHECK_NANOS : 0));
                yield new SlotRequest(call.request().priority(), soon, bound, soon);
            }
        };
    }

    private static long earlier(long nanos, long other) {
        return nanos - other < 0 ? nanos : other;
    }

    private static boolean isIdle(WorkerQueue bound) {
        return bound.slots().stream().allMatch(slot -> slot.worker().state() == WorkerState.READY);
    }

    /** What a call asks for, and what its session was bound to before. */
    private final class Preference {
        private final Call call;
        private final Session session;
        private final AffinityMode mode;
        private final @Nullable AffinityTarget before;
        private final SlotRequest request;

        Preference(
                Call call, Session session, AffinityMode mode, @Nullable AffinityTarget before, SlotRequest request) {
            this.call = call;
            this.session = session;
            this.mode = mode;
            this.before = before;
            this.request = request;
        }

        /** Returns whether the session is yet to be bound. */
        boolean isFirst() {
            return mode != AffinityMode.NONE && request.wanted() == null;
        }

        /** Binds the session if that is due, and counts. */
        Slot settle(Slot slot) {
            if (mode == AffinityMode.NONE) {
                return slot;
            }
            WorkerQueue given = slot.workerQueue();
            if (given.equals(before)) {
                counters.hit();
                path.tellSession(EventType.SESSION_HIT, call, slot.worker());
            } else if (before == null || before.isGone()) {
                session.bind(given);
                path.tellSession(EventType.SESSION_BOUND, call, slot.worker());
                if (before != null) {
                    counters.rebound();
                }
            } else {
                counters.miss();
                path.tellSession(EventType.SESSION_MISS, call, slot.worker());
            }
            return slot;
        }

        NoSlotException refused(NoSlotException plain) {
            boolean busy = mode == AffinityMode.STRICT_FAIL
                    && request.wanted() != null
                    && plain.reason() == NoSlotException.Reason.TIMED_OUT;
            return busy ? new NoSlotException(NoSlotException.Reason.BOUND_WORKER_BUSY) : plain;
        }
    }
}
