package org.vivarium.core.context;

import java.util.concurrent.atomic.LongAdder;
import org.vivarium.api.view.PoolTotals;

/** What a pool counts. Thread safe. */
public final class PoolCounters {
    public final LongAdder calls = new LongAdder();
    public final LongAdder errors = new LongAdder();
    public final LongAdder cancelled = new LongAdder();
    public final LongAdder timeouts = new LongAdder();
    public final LongAdder rejected = new LongAdder();
    public final LongAdder retries = new LongAdder();
    public final LongAdder started = new LongAdder();
    public final LongAdder died = new LongAdder();
    public final LongAdder recycled = new LongAdder();

    /** Returns all of them; {@code recoveries} are counted elsewhere. */
    public PoolTotals totals(long recoveries) {
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
