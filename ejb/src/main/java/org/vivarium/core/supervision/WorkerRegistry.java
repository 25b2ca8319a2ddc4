package org.vivarium.core.supervision;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.WorkerState;
import org.vivarium.core.worker.LoggerLevels;
import org.vivarium.core.worker.StateTimes;
import org.vivarium.core.worker.Worker;

/**
 * All workers of a pool, oldest first, and the last that ended. Written by the supervisor's thread; {@link #workers}
 * and {@link #ended} may be read by any.
 */
public final class WorkerRegistry {
    private final IntSupplier mostEnded;
    private final Map<Worker, PooledWorker> pooledWorkers = new LinkedHashMap<>();
    private final Deque<Worker> last = new ArrayDeque<>();
    private Totals gone = Totals.NONE;
    private volatile Known known = new Known(List.of(), List.of(), Totals.NONE);
    private final LoggerLevels loggerLevels = new LoggerLevels(this::workers);

    /** Takes what says how many workers are remembered after they have ended. */
    WorkerRegistry(IntSupplier mostEnded) {
        this.mostEnded = mostEnded;
    }

    void add(PooledWorker pooled) {
        pooledWorkers.put(pooled.worker(), pooled);
        publish();
    }

    void remove(Worker worker) {
        if (pooledWorkers.remove(worker) != null) {
            gone = gone.plus(worker);
            last.addLast(worker);
            while (last.size() > mostEnded.getAsInt()) {
                last.removeFirst();
            }
            publish();
        }
    }

    private void publish() {
        known = new Known(List.copyOf(pooledWorkers.keySet()), List.copyOf(last), gone);
    }

    @Nullable PooledWorker pooled(Worker worker) {
        return pooledWorkers.get(worker);
    }

    List<PooledWorker> pooledWorkers(Predicate<WorkerState> states) {
        List<PooledWorker> found = new ArrayList<>();
        pooledWorkers.forEach((worker, pooled) -> {
            if (states.test(worker.state())) {
                found.add(pooled);
            }
        });
        return found;
    }

    List<PooledWorker> all() {
        return List.copyOf(pooledWorkers.values());
    }

    /** Returns the live workers, oldest first. */
    public List<Worker> workers() {
        return known.workers;
    }

    /** Returns the levels that operators have given to Python loggers in all of them. */
    public LoggerLevels loggerLevels() {
        return loggerLevels;
    }

    /** Returns the last workers that ended. */
    public List<Worker> ended() {
        List<Worker> ended = known.ended;
        return ended.subList(Math.max(0, ended.size() - mostEnded.getAsInt()), ended.size());
    }

    /** Returns what all workers together have done since the pool started; each counts once, when it goes as well. */
    public Totals totals() {
        Known now = known;
        return now.workers.stream().reduce(now.gone, Totals::plus, Totals::plus);
    }

    /** What is known at one moment: a worker that goes leaves the first and enters both others. */
    private record Known(List<Worker> workers, List<Worker> ended, Totals gone) {}

    /**
     * What workers have done.
     *
     * @param states how long they were in each state
     * @param sentBytes bytes of calls that were sent to them
     * @param receivedBytes bytes of calls that they have sent
     */
    public record Totals(StateTimes states, long sentBytes, long receivedBytes) {
        static final Totals NONE = new Totals(StateTimes.NONE, 0, 0);

        Totals plus(Worker worker) {
            return plus(new Totals(worker.machine().times(), worker.sentBytes(), worker.receivedBytes()));
        }

        Totals plus(Totals other) {
            return new Totals(
                    states.plus(other.states), sentBytes + other.sentBytes, receivedBytes + other.receivedBytes);
        }
    }
}
