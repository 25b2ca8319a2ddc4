package org.vivarium.adapter.jmx.pool;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.vivarium.api.management.WorkerRow;
import org.vivarium.api.management.WorkersMXBean;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.worker.TransitionView;
import org.vivarium.api.view.worker.WorkerActivity;
import org.vivarium.api.view.worker.WorkerView;

/** Shows the workers of one pool as rows. */
public final class WorkersBean implements WorkersMXBean {
    private static final double MILLIS_PER_SECOND = 1e3;

    private final PoolOperations operations;
    private final Supplier<WorkerActivity> activity;
    private final InstantSource clock;

    /** Takes where the counts are read, besides the pool. */
    public WorkersBean(PoolOperations operations, Supplier<WorkerActivity> activity, InstantSource clock) {
        this.operations = operations;
        this.activity = activity;
        this.clock = clock;
    }

    @Override
    public List<WorkerRow> getWorkers() {
        Instant now = clock.instant();
        return operations.workers().stream().map(worker -> row(worker, now)).toList();
    }

    @Override
    public Map<String, Double> getStateSeconds() {
        Map<String, Double> seconds = new LinkedHashMap<>();
        activity.get().states().forEach(time -> seconds.put(time.state().name(), time.seconds()));
        return seconds;
    }

    @Override
    public Map<String, Long> getRecoveryCounts() {
        Map<String, Long> counts = new LinkedHashMap<>();
        activity.get()
                .recoveries()
                .forEach(count -> counts.put(count.failure() + '/' + count.decision(), count.count()));
        return counts;
    }

    @Override
    public Map<String, Long> getHealthChecks() {
        return activity.get().healthChecks();
    }

    @Override
    public List<String> history(String worker) {
        return operations.worker(worker).history().stream()
                .map(WorkersBean::line)
                .toList();
    }

    @Override
    public void recycle(String worker) {
        operations.recycle(worker, PoolBean.ACTOR);
    }

    @Override
    public long collectGarbage(String worker) {
        return operations.collectGarbage(worker, PoolBean.ACTOR);
    }

    @Override
    public String dumpStacks(String worker) {
        return operations.dumpStacks(worker);
    }

    private static WorkerRow row(WorkerView worker, Instant now) {
        double age = Duration.between(worker.started(), now).toMillis() / MILLIS_PER_SECOND;
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
                age,
                worker.rssBytes(),
                worker.privateBytes(),
                worker.cpuMillis());
    }

    private static String line(TransitionView moved) {
        String detail = moved.detail().isEmpty() ? "" : " (" + moved.detail() + ')';
        return moved.at() + " " + moved.from() + " -> " + moved.to() + ": " + moved.reason() + detail + ", after "
                + Math.round(moved.millisInFrom()) + " ms";
    }
}
