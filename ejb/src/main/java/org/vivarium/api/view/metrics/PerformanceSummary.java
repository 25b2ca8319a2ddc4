package org.vivarium.api.view.metrics;

import java.time.Instant;
import java.util.List;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.objectives.ObjectiveView;

/**
 * How a pool did of late.
 *
 * @param windows 1, 5 and 15 minutes
 * @param programs in the last 15 minutes
 * @param workers likewise, those that had calls
 * @param objectives how well each target of the service objectives is kept
 */
public record PerformanceSummary(
        String pool,
        Instant at,
        PoolNow now,
        List<PoolWindow> windows,
        List<ProgramMetrics> programs,
        List<WorkerMetrics> workers,
        List<ObjectiveView> objectives) {}
