package org.vivarium.api.view;

import org.vivarium.api.view.objectives.ObjectiveSummary;

/**
 * What a pool is doing, seen once a second.
 *
 * @param status workers, callers and totals since the service started, or since somebody reset them
 * @param running calls that workers have
 * @param oldestCallMillis how long a worker has had the oldest of them; 0 without any
 * @param objectives the worst of the service objectives
 * @param telemetryDropped events of all pools that were lost because the ring was full; whatever they would have told
 *     is missing from the windows
 */
public record PoolNow(
        PoolView status,
        SessionTotals sessions,
        int running,
        double oldestCallMillis,
        HealthScoreView health,
        ObjectiveSummary objectives,
        long telemetryDropped) {}
