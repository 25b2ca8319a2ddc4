package org.vivarium.core.supervision;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.WorkerState;
import org.vivarium.core.worker.Worker;

/**
 * All workers of a pool, oldest first, and the last that ended. Written by the supervisor's thread; {@link #workers}
 * and {@link #ended} may be read by any.
 */
public final class WorkerRegistry {
    private static final int ENDED_KEPT = 20;

    private final Map<Worker, PooledWorker> pooledWorkers = new LinkedHashMap<>();
    private final Deque<Worker> last = new ArrayDeque<>();
    private volatile List<Worker> workers = List.of();
    private volatile List<Worker> ended = List.of();

    void add(PooledWorker pooled) {
        pooledWorkers.put(pooled.worker(), pooled);
        workers = List.copyOf(pooledWorkers.keySet());
    }

    void remove(Worker worker) {
        if (pooledWorkers.remove(worker) != null) {
            last.addLast(worker);
            if (last.size() > ENDED_KEPT) {
                last.removeFirst();
            }
            ended = List.copyOf(last); // first: who reads workers and then ended misses nobody
            workers = List.copyOf(pooledWorkers.keySet());
        }
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
        return workers;
    }

    /** Returns the last workers that ended. */
    public List<Worker> ended() {
        return ended;
    }
}
