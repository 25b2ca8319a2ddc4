package org.vivarium.core.metrics;

import org.vivarium.api.WorkerState;
import org.vivarium.api.view.PoolTotals;
import org.vivarium.api.view.metrics.PoolWindow;
import org.vivarium.api.view.metrics.WorkerRates;
import org.vivarium.api.view.worker.StateTime;
import org.vivarium.core.metrics.windows.CounterRing;
import org.vivarium.core.metrics.windows.CounterRing.Counted;
import org.vivarium.core.metrics.windows.LifeSpan;

/**
 * Turns what the counters of a pool have risen by in a window into rates and shares.
 *
 * @param reader of the same window, whose seconds the rates are by
 */
record CounterReader(WindowReader reader, Counted before, Counted now) {
    private static final double MILLIS_PER_SECOND = 1e3;

    /** Returns who reads the window of {@code reader}, at whose end the counters are at {@code now}. */
    static CounterReader of(WindowReader reader, CounterRing counters, Counted now) {
        long first = now.slot() - reader.window().slots() + 1;
        return new CounterReader(reader, counters.at(Math.max(0, first)), now);
    }

    PoolWindow window() {
        PoolTotals risen = now.totals().since(before.totals());
        return new PoolWindow(
                reader.pool(),
                reader.life(LifeSpan.START),
                reader.life(LifeSpan.DEGRADED),
                reader.life(LifeSpan.DRAINING),
                reader.life(LifeSpan.TERMINATING),
                reader.life(LifeSpan.RECOVERY),
                reader.life(LifeSpan.HEALTH_CHECK),
                workers(),
                share(risen.resolved(), risen.unresolved()),
                reader.perSecond(risen.retries()),
                reader.perSecond(risen.rejected()),
                share(now.hits() - before.hits(), now.misses() - before.misses()),
                reader.errors());
    }

    /** Returns the part that {@code some} are of both; NaN without any. */
    private static double share(long some, long others) {
        return some + others == 0 ? Double.NaN : (double) some / (some + others);
    }

    private WorkerRates workers() {
        return new WorkerRates(
                stayMillis(WorkerState.READY),
                stayMillis(WorkerState.BUSY),
                reader.perSecond(now.activity().sentBytes() - before.activity().sentBytes()),
                reader.perSecond(
                        now.activity().receivedBytes() - before.activity().receivedBytes()));
    }

    private double stayMillis(WorkerState state) {
        StateTime after = now.activity().in(state);
        StateTime earlier = before.activity().in(state);
        long stays = after.stays() - earlier.stays();
        return stays == 0 ? Double.NaN : (after.seconds() - earlier.seconds()) * MILLIS_PER_SECOND / stays;
    }
}
