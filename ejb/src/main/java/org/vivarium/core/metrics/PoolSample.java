package org.vivarium.core.metrics;

import java.util.List;
import java.util.Map;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;
import org.vivarium.api.view.worker.WorkerActivity;

/**
 * What a pool looks like at one moment.
 *
 * @param calls the calls that workers have, the oldest first
 * @param slots for each worker how many calls it may have: all its slots while it serves, else the calls that it still
 *     has
 * @param activity what the workers have done since the pool started
 */
public record PoolSample(
        PoolView pool,
        SessionTotals sessions,
        List<CallView> calls,
        Map<String, Integer> slots,
        WorkerActivity activity) {}
