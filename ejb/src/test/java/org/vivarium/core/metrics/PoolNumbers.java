package org.vivarium.core.metrics;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.vivarium.api.CallContext;
import org.vivarium.api.ErrorCategory;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.CallOutcome;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.worker.RolloutView;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.core.config.Objective;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ServiceParameterStore;
import org.vivarium.core.metrics.windows.Window;
import org.vivarium.testing.ManualTicker;

/** The numbers of one pool whose clock, events and looks a test steps by hand. */
public final class PoolNumbers {
    public static final Instant START = Instant.parse("2026-11-21T00:00:00Z");

    public final ManualTicker ticker = new ManualTicker();
    final List<CallView> running = new ArrayList<>();
    public final List<PoolEvent> published = new ArrayList<>();
    public final ObjectiveStore objectives;
    public final ServiceParameterStore service = new ServiceParameterStore();
    public final Metrics metrics;
    public final PoolMetrics pool;
    int ready = 2;
    int slotsPerWorker = 1;
    String state = "RUNNING";
    public long dropped;
    PoolTotals totals = PoolTotals.NONE;
    public WorkerActivity activity = WorkerActivity.NONE;
    SessionTotals sessions = new SessionTotals(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 100);

    public PoolNumbers() {
        this(List.of());
    }

    public PoolNumbers(List<Objective> promised) {
        objectives = new ObjectiveStore("default", promised);
        InstantSource clock = () -> START.plusNanos(ticker.nanos());
        metrics = new Metrics(new Metrics.Dependencies(ticker, clock, () -> dropped, published::add, service::current));
        pool = metrics.add("default", () -> new PoolSample(view(), sessions, running, slots(), activity), objectives);
    }

    /** The workers that are ready, from {@code default-1} on. */
    private Map<String, Integer> slots() {
        return IntStream.rangeClosed(1, ready)
                .boxed()
                .collect(Collectors.toMap(worker -> "default-" + worker, worker -> slotsPerWorker));
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
                ready * slotsPerWorker,
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

    /** A call with a key whose deadline has passed. */
    void timedOut(String key) {
        metrics.on(new CallEnded(
                "default",
                "default-1",
                "echo",
                key,
                1_000,
                1_000,
                2_000,
                1,
                CallOutcome.TIMED_OUT,
                ErrorCategory.TIMEOUT_ERROR,
                "CallTimeout",
                CallContext.NONE));
    }

    public void runs(String worker, Duration age) {
        runs(worker, age, null);
    }

    /** A call with a key that has just begun. */
    void runs(String worker, String key) {
        runs(worker, Duration.ZERO, key);
    }

    private void runs(String worker, Duration age, String key) {
        running.add(new CallView(
                "c",
                CallView.RUNNING,
                "sleep",
                worker,
                null,
                key,
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
