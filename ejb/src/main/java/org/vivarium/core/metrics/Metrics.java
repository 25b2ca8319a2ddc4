package org.vivarium.core.metrics;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.core.telemetry.EventHandler;
import org.vivarium.core.time.Ticker;

/**
 * The numbers of all pools. All recording is done by the telemetry thread, so that calls pay for the event alone.
 * Thread safe once all pools have been added.
 */
public final class Metrics implements EventHandler {
    private final Ticker ticker;
    private final InstantSource clock;
    private final LongSupplier dropped;
    private final Map<String, PoolMetrics> pools = new TreeMap<>();

    /** Takes who knows how many events were lost. */
    public Metrics(Ticker ticker, InstantSource clock, LongSupplier dropped) {
        this.ticker = ticker;
        this.clock = clock;
        this.dropped = dropped;
    }

    /** Adds a pool, before the first event, and returns its numbers. */
    public PoolMetrics add(String pool, Supplier<PoolLook> look) {
        PoolMetrics added = new PoolMetrics(pool, look, dropped, ticker, clock);
        pools.put(pool, added);
        return added;
    }

    /** Returns the numbers of one pool; {@code null} if it is not known. */
    public @Nullable PoolMetrics pool(String pool) {
        return pools.get(pool);
    }

    /** Divides {@code bytes} of memory for history among all pools. */
    public void rememberIn(long bytes) {
        pools.values().forEach(pool -> pool.rememberIn(bytes / pools.size()));
    }

    /** Returns how many events were lost. */
    long dropped() {
        return dropped.getAsLong();
    }

    Map<String, PoolMetrics> pools() {
        return pools;
    }

    @Override
    public void on(PoolEvent event) {
        PoolMetrics pool = pools.get(event.pool());
        if (pool == null) {
            return;
        }
        if (event instanceof CallEnded call) {
            pool.recorder().add(call);
        } else if (event instanceof WorkerTransitioned moved) {
            pool.recorder().add(moved);
        } // others are counted by the pool itself
    }

    /** Takes a new picture of every pool; to be called once a second. */
    public void refresh() {
        pools.values().forEach(PoolMetrics::refresh);
    }
}
