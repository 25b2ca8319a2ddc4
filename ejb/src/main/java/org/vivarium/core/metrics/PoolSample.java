package org.vivarium.core.metrics;

import java.util.List;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.PoolView;
import org.vivarium.api.view.SessionTotals;

/**
 * What a pool looks like at one moment.
 *
 * @param calls the calls that workers have, the oldest first
 */
public record PoolSample(PoolView pool, SessionTotals sessions, List<CallView> calls) {}
