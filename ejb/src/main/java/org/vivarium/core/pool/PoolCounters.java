package org.vivarium.core.pool;

import java.util.concurrent.atomic.LongAdder;
import org.vivarium.api.view.PoolTotals;

/** What a pool counts. Thread safe. */
final class PoolCounters {
    final LongAdder calls = new LongAdder();
    final LongAdder errors = new LongAdder();
    final LongAdder cancelled = new LongAdder();
    final LongAdder timeouts = new LongAdder();
    final LongAdder rejected = new LongAdder();
    final LongAdder retries = new LongAdder();
    final LongAdder started = new LongAdder();
    final LongAdder died = new LongAdder();
    final LongAdder recycled = new LongAdder();

    /** Returns all of them; {@code recoveries} are counted elsewhere. */
    PoolTotals totals(long recoveries) {
        return new PoolTotals(
                calls.sum(),
                errors.sum(),
                cancelled.sum(),
                timeouts.sum(),
                rejected.sum(),
                retries.sum(),
                started.sum(),
                died.sum(),
                recycled.sum(),
                recoveries);
    }
}
