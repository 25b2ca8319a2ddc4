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
import org.vivarium.api.view.MetricsView;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.RolloutView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.core.config.Objective;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.testing.ManualTicker;

/** The numbers of one pool whose clock, events and looks a test steps by hand. */
final class PoolNumbers {
    static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

    final ManualTicker ticker = new ManualTicker();
    final List<CallView> running = new ArrayList<>();
    final List<PoolEvent> published = new ArrayList<>();
    final ObjectiveStore objectives;
    final Metrics metrics;
    final PoolMetrics pool;
    int ready = 2;
    String state = "RUNNING";
    long dropped;
    PoolTotals totals = PoolTotals.NONE;
    SessionTotals sessions = new SessionTotals(0, 0, 0, 0, 0, 0, 0, 0, 100);

    PoolNumbers() {
        this(List.of());
    }

    PoolNumbers(List<Objective> promised) {
        objectives = new ObjectiveStore("default", promised);
        InstantSource clock = () -> START.plusNanos(ticker.nanos());
        metrics = new Metrics(new Metrics.Surroundings(ticker, clock, () -> dropped, published::add));
        pool = metrics.add("default", () -> new PoolLook(view(), sessions, running), objectives);
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

    void ended(String worker, String program, Duration wait, Duration execution) {
        metrics.on(new CallEnded("default", worker, program, wait.toNanos(), execution.toNanos(), null, null));
    }

    void failed(String worker, ErrorCategory category, String type) {
        metrics.on(new CallEnded("default", worker, "echo", 1_000, worker == null ? 0 : 1_000, category, type));
    }

    void runs(String worker, Duration age) {
        running.add(new CallView("c", "sleep", worker, null, null, null, age.toNanos() / 1e6, 1, Double.NaN));
    }

    /** Lets time pass, with a look at each second. */
    void pass(Duration time) {
        for (long second = 0; second < time.toSeconds(); second++) {
            ticker.advance(Duration.ofSeconds(1));
            metrics.refresh();
        }
    }

    MetricsView view(Window window) {
        metrics.refresh();
        return pool.view(window);
    }
}
