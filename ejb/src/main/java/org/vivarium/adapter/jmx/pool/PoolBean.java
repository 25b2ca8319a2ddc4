package org.vivarium.adapter.jmx.pool;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.adapter.jmx.mbean.JmxCaller;
import org.vivarium.api.Actor;
import org.vivarium.api.LogLevel;
import org.vivarium.api.management.DecisionRow;
import org.vivarium.api.management.PoolMXBean;
import org.vivarium.api.operation.JsonText;
import org.vivarium.api.operation.Period;
import org.vivarium.api.operation.PoolOperations;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.worker.DecisionView;
import org.vivarium.core.metrics.exposition.Attribute;

/** Reads attributes from one snapshot of the pool and hands operations on. */
public final class PoolBean implements PoolMXBean {
    private final PoolOperations operations;
    private final Supplier<PoolView> view;
    private final Runnable forget;
    private final JmxCaller caller;

    /** Takes what the pool is seen in, and how to have it looked at anew. */
    public PoolBean(PoolOperations operations, Supplier<PoolView> view, Runnable forget, JmxCaller caller) {
        this.operations = operations;
        this.view = view;
        this.forget = forget;
        this.caller = caller;
    }

    private void change(Consumer<Actor> change) {
        change.accept(caller.actor());
        forget.run();
    }

    @Override
    public String getName() {
        return operations.name();
    }

    @Override
    public String getState() {
        return view.get().state();
    }

    @Override
    public String getProblem() {
        return Objects.requireNonNullElse(view.get().problem(), "");
    }

    @Override
    public int getTarget() {
        return view.get().target();
    }

    @Override
    public int getSize() {
        return view.get().size();
    }

    @Override
    public int getReady() {
        return view.get().ready();
    }

    @Override
    public int getBusy() {
        return view.get().busy();
    }

    @Override
    public int getIdle() {
        return view.get().idle();
    }

    @Override
    public int getStarting() {
        return view.get().starting();
    }

    @Override
    public int getDegraded() {
        return view.get().degraded();
    }

    @Override
    public int getDraining() {
        return view.get().draining();
    }

    @Override
    public int getSpares() {
        return view.get().spares();
    }

    @Override
    public int getSlots() {
        return view.get().slots();
    }

    @Override
    public int getBusySlots() {
        return view.get().busySlots();
    }

    @Override
    public int getGeneration() {
        return view.get().generation();
    }

    @Override
    public String getRolloutState() {
        return view.get().rollout().state();
    }

    @Override
    public String getRolloutProblem() {
        return Objects.requireNonNullElse(view.get().rollout().problem(), "");
    }

    @Override
    public int getWaiting() {
        return view.get().waiting();
    }

    @Override
    public double getOldestWaitMillis() {
        return view.get().oldestWaitMillis();
    }

    @Override
    public int getSessions() {
        return view.get().sessions();
    }

    @Override
    public long getCalls() {
        return view.get().totals().calls();
    }

    @Override
    public long getErrors() {
        return view.get().totals().errors();
    }

    @Override
    public long getCancelled() {
        return view.get().totals().cancelled();
    }

    @Override
    public long getRecoveries() {
        return view.get().totals().recoveries();
    }

    @Override
    public long getTimeouts() {
        return view.get().totals().timeouts();
    }

    @Override
    public long getRejected() {
        return view.get().totals().rejected();
    }

    @Override
    public long getRetries() {
        return view.get().totals().retries();
    }

    @Override
    public long getResolved() {
        return view.get().totals().resolved();
    }

    @Override
    public long getUnresolved() {
        return view.get().totals().unresolved();
    }

    @Override
    public long getStarted() {
        return view.get().totals().started();
    }

    @Override
    public long getDied() {
        return view.get().totals().died();
    }

    @Override
    public long getDroppedLines() {
        return view.get().totals().droppedLines();
    }

    @Override
    public long getRecycled() {
        return view.get().totals().recycled();
    }

    @Override
    public double getRecoveryMillisLast() {
        return view.get().recoveryMillisLast();
    }

    @Override
    public List<DecisionRow> getRecentDecisions() {
        return view.get().decisions().stream().map(PoolBean::row).toList();
    }

    private static DecisionRow row(DecisionView made) {
        return new DecisionRow(
                made.at().toString(),
                made.worker(),
                made.failure(),
                made.decision(),
                made.delayMillis(),
                made.reason());
    }

    @Override
    public void resize(int size) {
        change(actor -> operations.resize(size, actor));
    }

    @Override
    public void recycle(String worker) {
        change(actor -> operations.recycle(worker, actor));
    }

    @Override
    public void rollingRestart() {
        change(operations::rollingRestart);
    }

    @Override
    public void drain() {
        change(operations::drain);
    }

    @Override
    public void resume() {
        change(operations::resume);
    }

    @Override
    public String dumpStacks(String worker) {
        return operations.dumpStacks(worker);
    }

    @Override
    public Map<String, String> loggerLevels() {
        Map<String, String> levels = new LinkedHashMap<>();
        operations.loggerLevels().forEach(each -> levels.put(each.logger(), each.level()));
        return levels;
    }

    @Override
    public void setLoggerLevel(String logger, @Nullable String level) {
        LogLevel wanted = level == null || level.isBlank() ? null : LogLevel.parse(level);
        change(actor -> operations.setLoggerLevel(logger, wanted, actor));
    }

    @Override
    public Map<String, Double> metrics(String window) {
        return Attribute.values(operations.numbers().metrics(window));
    }

    @Override
    public Map<String, Double> workerMetrics(String worker, String window) {
        return Attribute.values(operations.numbers().worker(worker, window).window(), attribute -> true);
    }

    @Override
    public Map<String, Long> errorRates(String window) {
        Map<String, Long> counts = new LinkedHashMap<>();
        operations
                .numbers()
                .errors(window)
                .kinds()
                .forEach(kind -> counts.put(kind.category() + '/' + kind.type(), kind.count()));
        return counts;
    }

    @Override
    public Map<String, Long> keyTimeouts() {
        return operations.numbers().metrics("1m").now().keyTimeouts();
    }

    @Override
    public String metricsRange(@Nullable String from, @Nullable String to, @Nullable String step) {
        Period period = Period.parse(from, to, step, InstantSource.system());
        return JsonText.of(operations.numbers().range(period.from(), period.to(), period.step()));
    }

    @Override
    public String summary() {
        return JsonText.of(operations.numbers().summary());
    }

    @Override
    public void resetStatistics() {
        change(operations.numbers()::reset);
    }
}
