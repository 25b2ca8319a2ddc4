package org.vivarium.adapter.jmx.pool;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.Pictures;
import org.vivarium.api.operation.PoolNumbers;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.BreakerView;
import org.vivarium.api.view.IsolationView;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.api.view.worker.WorkerView;

/**
 * What all beans of one pool show, taken at one moment. What has a window, running calls and the score of health are
 * counted once a second, and so up to a second older. Immutable; thread safe.
 */
public final class PoolPicture {
    private static final String MINUTE = "1m";

    private final Instant at;
    private final PoolNumbers numbers;
    private final MetricsView minute;
    private final List<WorkerView> workers;
    private final List<BreakerView> breakers;
    private final List<IsolationView> isolation;
    private final ObjectivesView objectives;
    private final Map<String, ProgramMetrics> programs = new ConcurrentHashMap<>(); // derived when it is asked for
    private final Map<String, CallStats> callsOfWorkers = new ConcurrentHashMap<>(); // likewise

    private PoolPicture(PoolOperations pool, Instant at) {
        this.at = at;
        this.numbers = pool.numbers();
        this.minute = now(pool.view(), pool.sessionTotals(), numbers.metrics(MINUTE));
        this.workers = pool.workers();
        this.breakers = pool.breakers();
        this.isolation = pool.isolation();
        this.objectives = numbers.objectives();
        minute.programs().forEach(each -> programs.put(each.program(), each));
    }

    private static MetricsView now(PoolView status, SessionTotals sessions, MetricsView counted) {
        PoolNow then = counted.now();
        PoolNow now = new PoolNow(
                status,
                sessions,
                then.running(),
                then.oldestCallMillis(),
                then.keys(),
                then.keyTimeouts(),
                then.activity(),
                then.health(),
                then.objectives(),
                then.telemetryDropped());
        return new MetricsView(counted.pool(), counted.at(), now, counted.window(), counted.programs());
    }

    /** Returns where the beans of a pool that can serve look at it. */
    public static Cached<PoolPicture> of(PoolOperations pool, Pictures pictures, InstantSource clock) {
        return pictures.of(() -> new PoolPicture(pool, clock.instant()));
    }

    /** Returns when it was taken. */
    public Instant at() {
        return at;
    }

    /** Returns the pool as a whole. */
    public PoolView view() {
        return minute.now().status();
    }

    /** Returns the pool's numbers, those that have a window of the last minute. */
    public MetricsView minute() {
        return minute;
    }

    /** Returns what was counted about its sessions. */
    public SessionTotals sessions() {
        return minute.now().sessions();
    }

    /** Returns what its workers have done since it started. */
    public WorkerActivity activity() {
        return minute.now().activity();
    }

    /** Returns the live workers, oldest first. */
    public List<WorkerView> workers() {
        return workers;
    }

    /**
     * Returns one live worker.
     *
     * @throws IllegalStateException if it has ended
     */
    public WorkerView worker(String worker) {
        return workers.stream()
                .filter(each -> each.id().equals(worker))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("worker " + worker + " has ended"));
    }

    /** Returns the calls that a worker had in the last minute. */
    public CallStats callsOf(String worker) {
        return callsOfWorkers.computeIfAbsent(
                worker, name -> numbers.worker(name, MINUTE).window());
    }

    /** Returns the numbers of one program in the last minute. */
    public ProgramMetrics program(String program) {
        return programs.computeIfAbsent(program, name -> numbers.program(name, MINUTE));
    }

    /**
     * Returns the circuit breaker of one program.
     *
     * @throws IllegalStateException if it has none
     */
    public BreakerView breaker(String program) {
        return breakers.stream()
                .filter(each -> each.program().equals(program))
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException("pool " + view().name() + " has no breaker of " + program));
    }

    /** Returns the programs that are isolated. */
    public List<IsolationView> isolation() {
        return isolation;
    }

    /** Returns how well the objectives are kept. */
    public ObjectivesView objectives() {
        return objectives;
    }
}
