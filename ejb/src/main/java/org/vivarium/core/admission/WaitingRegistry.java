package org.vivarium.core.admission;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.view.CallView;
import org.vivarium.core.call.Call;
import org.vivarium.core.dispatch.InFlight;

/** The calls of a pool that wait, for whatever it is; calls that need not wait are never in it. Thread safe. */
public final class WaitingRegistry {
    private final Map<Call, InFlight> waiting = new ConcurrentHashMap<>();
    private final AtomicLong sequence = new AtomicLong();

    /** Notes that {@code call} waits, and what ends its wait if it is cancelled; {@code null} once it waits no more. */
    void waits(Call call, @Nullable Runnable end) {
        if (end == null) {
            waiting.remove(call);
        } else {
            waiting.computeIfAbsent(call, each -> new WaitingCall(each, "waiting." + sequence.incrementAndGet()));
        }
        call.waits(end);
    }

    /** Returns the calls that wait now. */
    public List<InFlight> all() {
        return List.copyOf(waiting.values());
    }

    /** A call that waits, by the name that it has meanwhile. */
    private record WaitingCall(Call call, String id) implements InFlight {
        @Override
        public String program() {
            return call.program();
        }

        @Override
        public long startedNanos() {
            return call.startedNanos();
        }

        @Override
        public CallView view(long nowNanos) {
            return call.waitingView(id, nowNanos);
        }

        @Override
        public boolean cancelledBy(String operator) {
            return call.cancelledBy(operator);
        }
    }
}
