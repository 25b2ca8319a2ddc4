package org.vivarium.core.pool;

import java.time.Duration;
import java.util.function.Supplier;
import org.vivarium.api.event.PoolExhausted;
import org.vivarium.api.event.PoolQueued;
import org.vivarium.api.event.PoolStarted;
import org.vivarium.api.event.PoolStopped;
import org.vivarium.api.event.PoolUtilized;
import org.vivarium.api.event.SessionsRefused;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.core.context.PoolContext;
import org.vivarium.core.supervision.LifeCycleThread;

/**
 * Publishes the start and the end of a pool, and between them once a second how busy it is, if that has changed.
 * Between the two it belongs to the life cycle's thread.
 */
final class PoolEvents {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final PoolContext parts;
    private final LifeCycleThread lifeCycle;
    private final Supplier<PoolView> view;
    private final Supplier<SessionTotals> sessions;
    private long rejected;
    private long sessionsRefused;
    private int waiting;
    private PoolUtilized utilized;

    PoolEvents(
            PoolContext parts, LifeCycleThread lifeCycle, Supplier<PoolView> view, Supplier<SessionTotals> sessions) {
        this.parts = parts;
        this.lifeCycle = lifeCycle;
        this.view = view;
        this.sessions = sessions;
        this.utilized = new PoolUtilized(parts.name(), 0, 0, 0, 0, Double.NaN);
    }

    void start(int workers, boolean lazy) {
        parts.telemetry().publish(new PoolStarted(parts.name(), workers, lazy));
        lifeCycle.later(this::beat, EVERY);
    }

    private void beat() {
        lifeCycle.later(this::beat, EVERY); // first: nothing below may end it
        publish(view.get());
        publish(sessions.get());
    }

    /** Publishes what was refused since the last {@code totals}. */
    void publish(SessionTotals totals) {
        long refused = totals.refused() - sessionsRefused;
        if (refused > 0) {
            sessionsRefused = totals.refused();
            parts.telemetry()
                    .publish(new SessionsRefused(
                            parts.name(), refused, totals.sessions(), totals.stateBytes(), totals.budgetBytes()));
        }
    }

    /** Publishes what has changed in {@code view}. */
    void publish(PoolView view) {
        long refused = view.totals().rejected() - rejected;
        if (refused > 0) {
            rejected = view.totals().rejected();
            parts.telemetry().publish(new PoolExhausted(parts.name(), refused, view.waiting()));
        }
        if (view.waiting() > 0 || waiting > 0) {
            waiting = view.waiting();
            parts.telemetry().publish(new PoolQueued(parts.name(), waiting, view.oldestWaitMillis()));
        }
        PoolUtilized now = utilized(view);
        if (!now.equals(utilized)) {
            utilized = now;
            parts.telemetry().publish(now);
        }
    }

    private PoolUtilized utilized(PoolView view) {
        double utilization = view.slots() == 0 ? Double.NaN : (double) view.busySlots() / view.slots();
        return new PoolUtilized(parts.name(), view.busy(), view.ready(), view.busySlots(), view.slots(), utilization);
    }

    void stop() {
        parts.telemetry().publish(new PoolStopped(parts.name()));
    }
}
