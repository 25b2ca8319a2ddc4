package org.vivarium.core.metrics.objectives;

import java.util.ArrayList;
import java.util.List;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.core.config.Objective;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ObjectiveTarget;
import org.vivarium.core.time.Ticker;

/**
 * Records the calls of one pool for its objectives, each by itself: so programs beyond the first hundred count as well.
 * Thread safe: the telemetry thread writes.
 */
public final class ObjectiveRecorder {
    private static final double NANOS_PER_MILLI = 1e6;

    private final ObjectiveStore store;
    private final Ticker ticker;
    private final long origin;
    private final List<ObjectiveSeries> series; // in the order of the store; guarded by this

    public ObjectiveRecorder(ObjectiveStore store, Ticker ticker) {
        this.store = store;
        this.ticker = ticker;
        this.origin = ticker.nanos();
        this.series =
                store.current().stream().map(objective -> new ObjectiveSeries()).toList();
    }

    /** Records a call for all objectives that are about it. */
    public void add(CallEnded call) {
        List<Objective> objectives = store.current();
        ObjectiveOutcome verdict = objectives.isEmpty() ? ObjectiveOutcome.NOT_COUNTED : ObjectiveOutcome.of(call);
        if (verdict != ObjectiveOutcome.NOT_COUNTED) {
            add(call, verdict, objectives);
        }
    }

    private synchronized void add(CallEnded call, ObjectiveOutcome verdict, List<Objective> objectives) {
        long now = ticker.nanos() - origin;
        boolean timed = verdict == ObjectiveOutcome.GOOD || call.failure() == ErrorCategory.TIMEOUT_ERROR;
        long nanos = call.totalNanos();
        for (int i = 0; i < objectives.size(); i++) {
            Objective objective = objectives.get(i);
            if (objective.covers(call.program())) {
                double limit = objective.target(ObjectiveTarget.DURATION);
                boolean counts = timed && !Double.isNaN(limit);
                series.get(i).add(now, verdict, counts ? nanos : -1, counts && nanos > limit * NANOS_PER_MILLI);
            }
        }
    }

    /** Returns how each target is kept now. */
    public List<ObjectiveView> read() {
        List<Objective> objectives = store.current();
        List<ObjectiveSeries.Reading> readings = readings();
        List<ObjectiveView> views = new ArrayList<>();
        for (int i = 0; i < objectives.size(); i++) {
            views.addAll(ObjectiveEvaluator.of(objectives.get(i), readings.get(i)));
        }
        return List.copyOf(views);
    }

    private synchronized List<ObjectiveSeries.Reading> readings() {
        long now = ticker.nanos() - origin;
        return series.stream().map(each -> each.read(now)).toList();
    }

    /** Returns what the whole pool may take for a call; NaN if nobody says. */
    public double targetMillis() {
        return store.current().stream()
                .filter(objective -> objective.name().equals(Objective.WHOLE_POOL))
                .mapToDouble(objective -> objective.target(ObjectiveTarget.DURATION))
                .findFirst()
                .orElse(Double.NaN);
    }

    /** Returns about how much memory it takes. */
    public synchronized long bytes() {
        return series.stream().mapToLong(ObjectiveSeries::bytes).sum();
    }
}
