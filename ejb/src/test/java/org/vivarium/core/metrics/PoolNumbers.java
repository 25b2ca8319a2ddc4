package org.vivarium.core.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.worker.RolloutView;
import org.vivarium.core.config.Objective;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.metrics.windows.Window;
import org.vivarium.testing.ManualTicker;

/** The numbers of one pool whose clock, events and looks a test steps by hand. */
public final class PoolNumbers {
    public static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

    public final ManualTicker ticker = new ManualTicker();
    final List<CallView> running = new ArrayList<>();
    public final List<PoolEvent> published = new ArrayList<>();
    public final ObjectiveStore objectives;
    public final Metrics metrics;
    public final PoolMetrics pool;
    int ready = 2;
    String state = "RUNNING";
    public long dropped;
    PoolTotals totals = PoolTotals.NONE;
    SessionTotals sessions = new SessionTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100);

    public PoolNumbers() {
        this(List.of());
    }

    public PoolNumbers(List<Objective> promised) {
        objectives = new ObjectiveStore("default", promised);
        InstantSource clock = () -> START.plusNanos(ticker.nanos());
        metrics = new Metrics(new Metrics.Dependencies(ticker, clock, () -> dropped, published::add));
        pool = metrics.add("default", () -> new PoolSample(view(), sessions, running), objectives);
    }

    private PoolView view() {
        return new PoolView(
                "default",
                state,
                null,
                1,
                4,
                2,
                ready,
                ready,
                0,
                ready,
                0,
                0,
                0,
                0,
                ready,
                0,
                0,
                0,
                0,
                totals,
                List.of(),
                Double.NaN,
                1,
                RolloutView.NONE,
                START);
    }

    public void ended(String worker, String program, Duration wait, Duration execution) {
        metrics.on(new CallEnded("default", worker, program, wait.toNanos(), execution.toNanos(), null, null));
    }

    public void failed(String worker, ErrorCategory category, String type) {
        metrics.on(new CallEnded("default", worker, "echo", 1_000, worker == null ? 0 : 1_000, category, type));
    }

    public void runs(String worker, Duration age) {
        running.add(new CallView(
                "c",
                CallView.RUNNING,
                "sleep",
                worker,
                null,
                null,
                null,
                age.toNanos() / 1e6,
                age.toNanos() / 1e6,
                1,
                Double.NaN));
    }

    /** Lets time pass, with a look at each second. */
    public void pass(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            ticker.advance(Duration.ofSeconds(1));
            metrics.refresh();
        }
    }

    public MetricsView view(Window window) {
        metrics.refresh();
        return pool.view(window);
    }
}
