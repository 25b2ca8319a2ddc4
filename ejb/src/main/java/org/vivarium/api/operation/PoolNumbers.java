package org.vivarium.api.operation;

import java.time.Duration;
import java.time.Instant;
import org.vivarium.api.Actor;
import org.vivarium.api.view.metrics.ErrorRates;
import org.vivarium.api.view.metrics.MetricsView;
import org.vivarium.api.view.metrics.PerformanceSummary;
import org.vivarium.api.view.metrics.ProgramMetrics;
import org.vivarium.api.view.metrics.RangeView;
import org.vivarium.api.view.metrics.WorkerMetrics;
import org.vivarium.api.view.objectives.ObjectivesView;

/**
 * The numbers of one pool, as they were seen within the last second. Windows are {@code 1m}, {@code 5m} or {@code 15m}.
 * Thread safe.
 */
public interface PoolNumbers {

    /**
     * Returns the numbers of the pool, as they were seen within the last second.
     *
     * @param window {@code 1m}, {@code 5m} or {@code 15m}
     */
    MetricsView metrics(String window);

    /** Returns the numbers of one program of the pool; those of one that was never called are 0 and NaN. */
    ProgramMetrics program(String program, String window);

    /** Returns the numbers of one worker, alive or among the last that ended. */
    WorkerMetrics worker(String worker, String window);

    /** Returns how calls failed, by category and type. */
    ErrorRates errors(String window);

    /**
     * Returns how the pool did from {@code from} to {@code to}, in steps: for an hour back in steps of 5 s or more, for
     * a day of a minute or more, for 30 days of 15 minutes or more.
     */
    RangeView range(Instant from, Instant to, Duration step);

    /** Returns how well the service objectives of the pool are kept. */
    ObjectivesView objectives();

    /** Returns how the pool did of late, in all windows, with its programs and workers. */
    PerformanceSummary summary();

    /** Lets the totals of the pool begin at 0 again; windows and what is exported to Prometheus go on. */
    void reset(Actor actor);
}
