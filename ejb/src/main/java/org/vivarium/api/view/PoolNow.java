package org.vivarium.api.view;

import java.util.Map;
import org.vivarium.api.view.objectives.ObjectiveSummary;
import org.vivarium.api.view.worker.WorkerActivity;

/**
 * What a pool is doing, seen once a second.
 *
 * @param status workers, callers and totals since the service started, or since somebody reset them
 * @param running calls that workers have
 * @param oldestCallMillis how long a worker has had the oldest of them; 0 without any
 * @param keys different keys, such as projects, of the calls that workers have
 * @param keyTimeouts how often a deadline has passed of calls with a key, by key; {@code _other} stands for all beyond
 *     the first 50
 * @param activity what the workers have done since the pool started
 * @param objectives the worst of the service objectives
 * @param telemetryDropped events of all pools that were lost because the ring was full; whatever they would have told
 *     is missing from the windows
 */
public record PoolNow(
        PoolView status,
        SessionTotals sessions,
        int running,
        double oldestCallMillis,
        int keys,
        Map<String, Long> keyTimeouts,
        WorkerActivity activity,
        HealthScoreView health,
        ObjectiveSummary objectives,
        long telemetryDropped) {}
