package org.vivarium.core.metrics;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.PoolEvent;
import org.vivarium.api.event.SpanEvent;
import org.vivarium.api.event.WorkerRecovered;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.core.config.ObjectiveStore;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.metrics.history.KeptHistory;
import org.vivarium.core.telemetry.EventHandler;
import org.vivarium.core.time.Ticker;

/**
 * The numbers of all pools. All recording is done by the telemetry thread, so that calls pay for the event alone.
 * Thread safe once all pools have been added.
 */
public final class Metrics implements EventHandler {
    /** Stands for all programs, or whatever else there may be too many of, that have no numbers of their own. */
    public static final String OTHER = "_other";

    private final Dependencies dependencies;
    private volatile long maximumBytes;
    private final Map<String, PoolMetrics> pools = new TreeMap<>();

    /** Takes what is around it. */
    public Metrics(Dependencies dependencies) {
        this.dependencies = dependencies;
        this.maximumBytes = dependencies.settings().get().bytes(ServiceParameter.TELEMETRY_MEGABYTES);
    }

    /**
     * What is around the numbers.
     *
     * @param dropped how many events were lost
     * @param publish takes events; may not block
     * @param settings how much is kept
     * @param kept what outlives the process
     */
    public record Dependencies(
            Ticker ticker,
            InstantSource clock,
            LongSupplier dropped,
            Consumer<PoolEvent> publish,
            Supplier<ServiceSettings> settings,
            KeptHistory kept) {
        /** What is around numbers that end with the process. */
        public Dependencies(
                Ticker ticker,
                InstantSource clock,
                LongSupplier dropped,
                Consumer<PoolEvent> publish,
                Supplier<ServiceSettings> settings) {
            this(ticker, clock, dropped, publish, settings, KeptHistory.NOTHING);
        }
    }

    /** Completes what is forming of the history, so that it is kept: nothing will be recorded any more. */
    public void end() {
        pools.values().forEach(pool -> pool.history().end());
    }

    /** Adds a pool, before the first event, and returns its numbers. */
    public PoolMetrics add(String pool, Supplier<PoolSample> sampler, ObjectiveStore objectives) {
        PoolMetrics added = new PoolMetrics(pool, sampler, objectives, dependencies);
        pools.put(pool, added);
        return added;
    }

    /** Returns the numbers of one pool; {@code null} if it is not known. */
    public @Nullable PoolMetrics pool(String pool) {
        return pools.get(pool);
    }

    /**
     * Lets windows, objectives and history take {@code bytes}, each pool an equal part; history makes room, and goes
     * back no further than the settings say now.
     */
    public void rememberIn(long bytes) {
        maximumBytes = bytes;
        makeRoom();
    }

    private void makeRoom() {
        pools.values().forEach(pool -> pool.rememberIn(maximumBytes / pools.size()));
    }

    /** Returns how much memory windows, objectives and history may take. */
    public long maximumBytes() {
        return maximumBytes;
    }

    /** Returns about how much memory all history takes. */
    public long historyBytes() {
        return pools.values().stream().mapToLong(pool -> pool.history().bytes()).sum();
    }

    /** Returns how many points of history went before their time. */
    public long historyDropped() {
        return pools.values().stream()
                .mapToLong(pool -> pool.history().dropped())
                .sum();
    }

    /** Returns how many time slices of programs and workers went before their time. */
    public long windowsDropped() {
        return pools.values().stream().mapToLong(PoolMetrics::shed).sum();
    }

    /** Returns about how much memory windows and objectives take, which go before history. */
    public long recorderBytes() {
        return pools.values().stream().mapToLong(PoolMetrics::recorderBytes).sum();
    }

    /** Returns how many events were lost. */
    public long dropped() {
        return dependencies.dropped().getAsLong();
    }

    /** Returns the numbers of each pool, by name. */
    public Map<String, PoolMetrics> pools() {
        return pools;
    }

    @Override
    public void on(PoolEvent event) {
        PoolMetrics pool = pools.get(event.pool());
        if (pool == null) {
            return;
        }
        if (event instanceof CallEnded call) {
            pool.add(call);
        } else if (event instanceof WorkerTransitioned moved) {
            pool.recorder().add(moved);
        } else if (event instanceof WorkerRecovered recovered) {
            pool.recorder().add(recovered);
        } else if (event instanceof SpanEvent span) {
            pool.recorder().add(span);
        } // others are counted by the pool itself
    }

    /** Takes a new snapshot of every pool; to be called once a second. */
    public void refresh() {
        pools.values().forEach(PoolMetrics::refresh);
        makeRoom();
    }
}
