package org.vivarium.core.metrics;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.HealthScoreView;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.metrics.ErrorRates;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.metrics.PerformanceSummary;
import org.vivarium.api.view.metrics.PoolWindow;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.api.view.metrics.RangePoint;
import org.vivarium.api.view.metrics.RangeView;
import org.vivarium.api.view.metrics.WorkerMetrics;
import org.vivarium.api.view.objectives.ObjectiveView;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.metrics.Metrics.Dependencies;
import org.vivarium.core.metrics.PoolRecorder.Reading;
import org.vivarium.core.metrics.history.History;
import org.vivarium.core.metrics.history.HistoryPoint.Queue;
import org.vivarium.core.metrics.objectives.ObjectiveEvaluator;
import org.vivarium.core.metrics.objectives.ObjectiveLevels;
import org.vivarium.core.metrics.objectives.ObjectiveRecorder;
import org.vivarium.core.metrics.windows.CounterRing;
import org.vivarium.core.metrics.windows.CounterRing.Counted;
import org.vivarium.core.metrics.windows.ErrorKind;
import org.vivarium.core.metrics.windows.Series.SeriesReading;
import org.vivarium.core.metrics.windows.Window;

/**
 * The numbers of one pool: one immutable snapshot of them, taken by {@link #refresh} about once a second, that all who
 * ask are answered from. Thread safe.
 */
public final class PoolMetrics {
    private final String pool;
    private final PoolRecorder recorder;
    private final Supplier<PoolSample> sampler;
    private final Dependencies dependencies;
    private final ObjectiveRecorder objectives;
    private final ObjectiveLevels levels;
    private final History history;
    private long remembered = -1; // the last slot that the history has; guarded by this
    private @Nullable CounterRing counters; // guarded by this
    private WorkerActivity activity = WorkerActivity.NONE; // guarded by this
    private Queue queue = Queue.EMPTY; // the worst since the last slot ended; guarded by this
    private volatile @Nullable PoolSnapshot snapshot;
    private volatile PoolTotals baseline = PoolTotals.NONE;

    /** Looks at the pool by {@code sampler}. */
    PoolMetrics(String pool, Supplier<PoolSample> sampler, ObjectiveStore store, Dependencies dependencies) {
        this.pool = pool;
        this.recorder = new PoolRecorder(dependencies.ticker(), dependencies.settings());
        this.objectives = new ObjectiveRecorder(store, dependencies.ticker());
        this.levels = new ObjectiveLevels(pool);
        this.history = new History(
                dependencies.settings().get().bytes(ServiceParameter.TELEMETRY_MEGABYTES),
                (seconds, point) -> dependencies.kept().keep(pool, seconds, point));
        this.sampler = sampler;
        this.dependencies = dependencies;
    }

    /** Has windows keep to {@code bytes}, less what objectives take, and gives the history what both leave. */
    void rememberIn(long bytes) {
        ServiceSettings settings = dependencies.settings().get();
        history.keep(
                settings.duration(ServiceParameter.FINE_HISTORY),
                settings.duration(ServiceParameter.MEDIUM_HISTORY),
                settings.duration(ServiceParameter.COARSE_HISTORY));
        recorder.shrinkTo(bytes - objectives.bytes());
        history.limit(Math.max(0, bytes - recorderBytes()));
    }

    History history() {
        return history;
    }

    long recorderBytes() {
        return recorder.bytes() + objectives.bytes();
    }

    long shed() {
        return recorder.shed();
    }

    PoolRecorder recorder() {
        return recorder;
    }

    /** Notes a call. */
    void add(CallEnded call) {
        recorder.add(call);
        objectives.add(call);
    }

    /** Takes a new snapshot, and publishes what has changed with the objectives. */
    public void refresh() {
        takeSnapshot().forEach(dependencies.publish());
    }

    private synchronized List<PoolEvent> takeSnapshot() {
        PoolSample seen = sampler.get();
        Instant at = dependencies.clock().instant();
        recorder.serving(seen.pool().ready(), seen.slots());
        Reading reading = recorder.read();
        remember(reading, at, seen);
        activity = seen.activity().notBefore(activity);
        Counted counted = counted(reading.at().slot(), seen, activity);
        CounterRing ring = count(counted);
        Map<Window, PoolWindow> windows = new EnumMap<>(Window.class);
        for (Window window : Window.values()) {
            WindowReader reader = new WindowReader(window, reading, seen.calls());
            windows.put(window, CounterReader.of(reader, ring, counted).window());
        }
        List<ObjectiveView> kept = objectives.read();
        PoolNow now = now(seen, reading, requireNonNull(windows.get(Window.ONE_MINUTE)), kept);
        snapshot = new PoolSnapshot(at, now, windows, reading, seen.calls(), kept);
        return levels.changes(kept);
    }

    /** Adds the time slices to the history that were closed since the last sample. */
    private void remember(Reading reading, Instant at, PoolSample seen) {
        Queue now = new Queue(seen.pool().waiting(), seen.pool().oldestWaitMillis());
        queue = queue.worse(now);
        long first =
                Math.max(remembered + 1, reading.at().slot() - reading.slots().size() + 1);
        for (long slot = first; slot < reading.at().slot(); slot++) {
            history.add(reading.point(slot, at, seen.calls(), queue));
            remembered = slot;
            queue = now;
        }
    }

    private CounterRing count(Counted now) {
        CounterRing ring = counters;
        if (ring == null) {
            ring = new CounterRing(Counted.nothing());
            counters = ring;
        }
        ring.note(now);
        return ring;
    }

    private static Counted counted(long slot, PoolSample seen, WorkerActivity activity) {
        return new Counted(
                slot,
                seen.pool().totals(),
                seen.sessions().hits(),
                seen.sessions().misses(),
                activity);
    }

    private PoolNow now(PoolSample seen, Reading reading, PoolWindow minute, List<ObjectiveView> kept) {
        List<CallView> calls = seen.calls();
        return new PoolNow(
                seen.pool(),
                seen.sessions(),
                calls.size(),
                calls.stream().mapToDouble(CallView::runningMillis).max().orElse(0),
                (int) calls.stream()
                        .map(CallView::key)
                        .filter(Objects::nonNull)
                        .distinct()
                        .count(),
                reading.totals().keyTimeouts(),
                activity,
                health(seen.pool(), minute),
                ObjectiveEvaluator.worst(kept),
                dependencies.dropped().getAsLong());
    }

    private HealthScoreView health(PoolView pool, PoolWindow minute) {
        boolean serves = pool.ready() > 0 || pool.state().equals("IDLE");
        return HealthScore.of(minute.calls(), serves, objectives.targetMillis());
    }

    private PoolSnapshot snapshot() {
        PoolSnapshot last = snapshot;
        if (last == null) {
            refresh();
            last = requireNonNull(snapshot);
        }
        return last;
    }

    /** Returns the numbers as they were last seen. */
    public MetricsView view(Window window) {
        return view(window, true);
    }

    /** Likewise, with programs or, which is much cheaper, without. */
    public MetricsView view(Window window, boolean withPrograms) {
        PoolSnapshot last = snapshot();
        List<ProgramMetrics> programs = withPrograms ? programs(last, window) : List.of();
        return new MetricsView(pool, last.at(), last.now(), last.window(window), programs);
    }

    private static List<ProgramMetrics> programs(PoolSnapshot last, Window window) {
        List<ProgramMetrics> programs = new ArrayList<>();
        last.reading().programs().forEach((name, series) -> programs.add(program(last, name, window)));
        return programs;
    }

    /** Returns the numbers of one program; those of one that was never called are 0 and NaN. */
    public ProgramMetrics program(String program, Window window) {
        return program(snapshot(), program, window);
    }

    private static ProgramMetrics program(PoolSnapshot last, String program, Window window) {
        SeriesReading series = last.reading().programs().getOrDefault(program, SeriesReading.NONE);
        return new ProgramMetrics(
                program, series.calls(), series.errors(), last.reader(window).program(series));
    }

    /** Returns the numbers of one worker; those of one that had no call of late are 0 and NaN. */
    public WorkerMetrics worker(String worker, Window window) {
        return worker(snapshot(), worker, window);
    }

    private static WorkerMetrics worker(PoolSnapshot last, String worker, Window window) {
        SeriesReading series = last.reading().workers().getOrDefault(worker, SeriesReading.NONE);
        return new WorkerMetrics(
                worker, series.calls(), series.errors(), last.reader(window).worker(worker, series));
    }

    /**
     * Returns how the pool did in steps of time.
     *
     * @throws IllegalArgumentException if these are none, or more than 2,000, or shorter than 5 s
     */
    public RangeView range(Instant from, Instant to, Duration step) {
        List<RangePoint> points =
                history.range(from, to, step, before -> dependencies.kept().points(pool, from, before, step));
        return new RangeView(pool, from, to, step.toMillis() / 1e3, history.dropped(), points);
    }

    /** Returns the numbers of the pool in the last minute, without programs: what is cheap to read often. */
    public MetricsView minute() {
        return view(Window.ONE_MINUTE, false);
    }

    /** Returns how the pool did of late, in all windows, with its programs and workers in the last 15 minutes. */
    public PerformanceSummary summary() {
        PoolSnapshot last = snapshot();
        List<WorkerMetrics> workers = last.reading().workers().keySet().stream()
                .map(name -> worker(last, name, Window.FIFTEEN_MINUTES))
                .toList();
        return new PerformanceSummary(
                pool,
                last.at(),
                last.now(),
                Arrays.stream(Window.values()).map(last::window).toList(),
                programs(last, Window.FIFTEEN_MINUTES),
                workers,
                last.objectives());
    }

    /** Returns how well the objectives are kept. */
    public ObjectivesView objectives() {
        PoolSnapshot last = snapshot();
        return new ObjectivesView(pool, last.at(), last.now().objectives(), last.objectives());
    }

    /** Returns how calls failed. */
    public ErrorRates errors(Window window) {
        return snapshot().window(window).errors();
    }

    /** Returns how often calls failed since the service started, by kind. */
    public Map<ErrorKind, Long> failures() {
        return snapshot().reading().totals().failures();
    }

    /** Returns how long calls and spans of the lives of workers took since the service started. */
    public Latencies latencies() {
        return snapshot().reading().totals().latencies();
    }

    /** Lets the totals that operators see begin at 0 again; windows and exported counters go on. */
    public void reset() {
        baseline = sampler.get().pool().totals();
    }

    /** Returns {@code pool} with totals since they were last reset. */
    public PoolView sinceReset(PoolView view) {
        return view.with(view.totals().since(baseline));
    }
}
