package org.vivarium.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.vivarium.api.WorkerState;
import org.vivarium.api.view.worker.WorkerView;
import org.vivarium.core.pool.SupervisedPool;
import org.vivarium.core.time.PeriodicJob;

/** One of two pools that are compared: its callers, its periodic jobs while they call, and its deaths. */
final class Side {
    private static final long JOBS_EVERY_MILLIS = 1_000;

    private final SupervisedPool pool;
    private final String name;
    private final int workers;
    private final boolean watched;
    private final List<CountingCaller> callers = new ArrayList<>();
    private final List<Double> serving = new ArrayList<>();
    private final List<Double> whole = new ArrayList<>();

    /** Takes a pool; its periodic jobs run only if it is {@code watched}, and only while a round or a kill goes on. */
    Side(Service service, String name, int workers, int callers, boolean watched) {
        this.pool = service.runtime().pools().get(name);
        this.name = name;
        this.workers = workers;
        this.watched = watched;
        for (int i = 0; i < callers; i++) {
            this.callers.add(new CountingCaller(service.pool(name), watched ? name + "-" + i : null));
        }
    }

    /** Runs all callers for some time; nothing may fail meanwhile. */
    Rounds.Result round(long millis) throws InterruptedException {
        ScheduledThreadPoolExecutor jobs = jobs();
        try {
            return Rounds.run(
                    callers.stream().<Runnable>map(caller -> caller::call).toList(), millis);
        } finally {
            end(jobs);
        }
    }

    /** Kills a busy worker while all callers call, and waits until all is as before. */
    void killUnderLoad() throws InterruptedException {
        ScheduledThreadPoolExecutor jobs = jobs();
        callers.forEach(CountingCaller::start);
        try {
            Load.await("a call", () -> pool.control().view().busy() > 0);
            WorkerView victim = busyWorker();
            long since = System.nanoTime();
            ProcessHandle.of(victim.pid()).orElseThrow().destroyForcibly();
            Load.await("the death of " + victim.id(), () -> !serves(victim.id()));
            Load.await("full service", () -> pool.control().view().ready() == workers);
            serving.add((System.nanoTime() - since) / 1e6);
            Load.await(
                    "full size",
                    () -> pool.control().view().ready() == workers
                            && pool.control().view().spares() == spares());
            whole.add((System.nanoTime() - since) / 1e6);
        } finally {
            for (CountingCaller caller : callers) {
                caller.stop();
            }
            end(jobs);
        }
    }

    private int spares() {
        return watched ? 1 : 0;
    }

    private WorkerView busyWorker() {
        while (true) {
            for (WorkerView worker : pool.control().workers()) {
                if (worker.state() == WorkerState.BUSY) {
                    return worker;
                }
            }
        }
    }

    private boolean serves(String worker) {
        WorkerState state = pool.control().worker(worker).state();
        return state == WorkerState.READY || state == WorkerState.BUSY;
    }

    /** Starts what EJB timers do in the server. */
    private ScheduledThreadPoolExecutor jobs() {
        ScheduledThreadPoolExecutor jobs = new ScheduledThreadPoolExecutor(1);
        if (watched) {
            Map<String, Runnable> works = Map.of(
                    "health checks", pool::checkHealth,
                    "heartbeats", pool::checkHeartbeats,
                    "samples", pool::checkResources,
                    "sessions", pool::sweepSessions);
            works.forEach((what, work) -> {
                PeriodicJob job = new PeriodicJob(what, work);
                Future<?> unused = jobs.scheduleAtFixedRate(job::runOnce, 0, JOBS_EVERY_MILLIS, TimeUnit.MILLISECONDS);
            });
        }
        return jobs;
    }

    private static void end(ScheduledThreadPoolExecutor jobs) throws InterruptedException {
        jobs.shutdownNow();
        if (!jobs.awaitTermination(JOBS_EVERY_MILLIS * 10, TimeUnit.MILLISECONDS)) {
            throw new IllegalStateException("a periodic job does not end");
        }
    }

    void print() {
        System.out.printf("%-9s killed -> %d workers serve:    %s%n", name, workers, Load.percentiles(serving));
        System.out.printf("%-9s killed -> spare there too:   %s%n", name, Load.percentiles(whole));
        System.out.printf(
                "%-9s kills %d; calls %d, failed %d %s; answers that were not the next number: %d%n",
                name,
                serving.size(),
                sum(CountingCaller::calls),
                sum(CountingCaller::failures),
                callers.stream().map(CountingCaller::kinds).toList(),
                sum(CountingCaller::surprises));
    }

    private long sum(java.util.function.ToLongFunction<CountingCaller> of) {
        return callers.stream().mapToLong(of).sum();
    }
}
