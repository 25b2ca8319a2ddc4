package org.vivarium.core.runtime;

import java.time.Duration;
import java.time.Instant;
import org.vivarium.api.Actor;
import org.vivarium.api.operation.PoolNumbers;
import org.vivarium.api.view.metrics.ErrorRates;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.metrics.PerformanceSummary;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.api.view.metrics.RangeView;
import org.vivarium.api.view.metrics.WorkerMetrics;
import org.vivarium.api.view.objectives.ObjectivesView;
import org.vivarium.core.changes.Change;
import org.vivarium.core.changes.ChangeRecorder;
import org.vivarium.core.metrics.PoolMetrics;
import org.vivarium.core.metrics.windows.Window;
import org.vivarium.core.pool.PoolControl;

/** The numbers of one pool, by the names of windows and workers. Thread safe. */
record NumbersHandle(PoolMetrics metrics, PoolControl pool, ChangeRecorder recorder) implements PoolNumbers {
    @Override
    public MetricsView metrics(String window) {
        return metrics.view(Window.of(window));
    }

    @Override
    public ProgramMetrics program(String program, String window) {
        return metrics.program(program, Window.of(window));
    }

    @Override
    public WorkerMetrics worker(String worker, String window) {
        return metrics.worker(pool.worker(worker).id(), Window.of(window));
    }

    @Override
    public ErrorRates errors(String window) {
        return metrics.errors(Window.of(window));
    }

    @Override
    public RangeView range(Instant from, Instant to, Duration step) {
        return metrics.range(from, to, step);
    }

    @Override
    public ObjectivesView objectives() {
        return metrics.objectives();
    }

    @Override
    public PerformanceSummary summary() {
        return metrics.summary();
    }

    @Override
    public void reset(Actor actor) {
        recorder.record(Change.of(actor, "reset-statistics", pool.name()));
        metrics.reset();
    }
}
