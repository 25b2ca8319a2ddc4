package org.vivarium.adapter.jmx.pool;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vivarium.adapter.jmx.mbean.Cached;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.api.management.WorkerRow;
import org.vivarium.api.management.WorkersMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.worker.TransitionView;
import org.vivarium.api.view.worker.WorkerView;

/** Shows the workers of one pool as rows. */
public final class WorkersBean implements WorkersMXBean {
    private static final double MILLIS_PER_SECOND = 1e3;

    private final PoolOperations operations;
    private final Cached<PoolPicture> picture;
    private final JmxCaller caller;

    public WorkersBean(PoolOperations operations, Cached<PoolPicture> picture, JmxCaller caller) {
        this.operations = operations;
        this.picture = picture;
        this.caller = caller;
    }

    @Override
    public List<WorkerRow> getWorkers() {
        PoolPicture seen = picture.get();
        return seen.workers().stream().map(worker -> row(worker, seen.at())).toList();
    }

    @Override
    public Map<String, Double> getStateSeconds() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        picture.get()
                .activity()
                .states()
                .forEach(time -> seconds.put(time.state().name(), time.seconds()));
        return seconds;
    }

    @Override
    public Map<String, Long> getRecoveryCounts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        picture.get()
                .activity()
                .recoveries()
                .forEach(count -> counts.put(count.failure() + '/' + count.decision(), count.count()));
        return counts;
    }

    @Override
    public Map<String, Long> getHealthChecks() {
        return picture.get().activity().healthChecks();
    }

    @Override
    public List<String> history(String worker) {
        return operations.worker(worker).history().stream()
                .map(WorkersBean::line)
                .toList();
    }

    @Override
    public void recycle(String worker) {
        operations.recycle(worker, caller.actor());
        picture.forget();
    }

    @Override
    public long collectGarbage(String worker) {
        return operations.collectGarbage(worker, caller.actor());
    }

    @Override
    public String dumpStacks(String worker) {
        return operations.dumpStacks(worker);
    }

    private static WorkerRow row(WorkerView worker, Instant now) {
        return new WorkerRow(
                worker.id(),
                worker.pid(),
                worker.generation(),
                worker.state().name(),
                worker.health().name(),
                worker.slots(),
                worker.busySlots(),
                worker.calls(),
                worker.errors(),
                ageSeconds(worker, now),
                worker.rssBytes(),
                worker.privateBytes(),
                worker.cpuMillis());
    }

    /** Returns how long a worker had been there at {@code now}, in seconds. */
    static double ageSeconds(WorkerView worker, Instant now) {
        return Duration.between(worker.started(), now).toMillis() / MILLIS_PER_SECOND;
    }

    /** Returns one change of state in words. */
    static String line(TransitionView moved) {
        String detail = moved.detail().isEmpty() ? "" : " (" + moved.detail() + ')';
        return moved.at() + " " + moved.from() + " -> " + moved.to() + ": " + moved.reason() + detail + ", after "
                + Math.round(moved.millisInFrom()) + " ms";
    }
}
