package org.vivarium.core.metrics.exposition;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.LatencyView;
import org.vivarium.api.view.metrics.PoolWindow;
import org.vivarium.core.metrics.BucketCounts;
import org.vivarium.core.metrics.CallLatencies;
import org.vivarium.core.metrics.windows.LifeSpan;

/** How a metric is read from a snapshot, and from which part of it. */
sealed interface MetricReader {

    /** Reads what does not depend on a window. */
    static MetricReader now(ToDoubleFunction<PoolNow> read) {
        return new Now(read);
    }

    /** Reads a number of a pool in a window. */
    static MetricReader window(ToDoubleFunction<PoolWindow> read) {
        return new OfWindow(read);
    }

    /** Reads a number of calls in a window. */
    static MetricReader calls(ToDoubleFunction<CallStats> read) {
        return new OfCalls(read);
    }

    /** Reads percentiles of calls in a window, and their histogram since the service started. */
    static MetricReader latency(Function<CallStats, LatencyView> read, Function<CallLatencies, BucketCounts> buckets) {
        return new OfLatency(read, buckets);
    }

    /** Reads percentiles of the lives of workers in a window; {@code span} is what they are of. */
    static MetricReader lives(Function<PoolWindow, LatencyView> read, LifeSpan span) {
        return new OfLives(read, span);
    }

    /** Returns whether there are percentiles, and so a histogram. */
    default boolean isLatency() {
        return this instanceof OfLatency || this instanceof OfLives;
    }

    /** Does not depend on a window. */
    record Now(ToDoubleFunction<PoolNow> read) implements MetricReader {}

    /** Of a pool in a window. */
    record OfWindow(ToDoubleFunction<PoolWindow> read) implements MetricReader {}

    /** Of calls in a window: those of a pool, a program or a worker. */
    record OfCalls(ToDoubleFunction<CallStats> read) implements MetricReader {}

    /** Likewise, with percentiles; and as a histogram. */
    record OfLatency(Function<CallStats, LatencyView> read, Function<CallLatencies, BucketCounts> buckets)
            implements MetricReader {}

    /** Of spans of the lives of workers in a window, with percentiles; and as a histogram. */
    record OfLives(Function<PoolWindow, LatencyView> read, LifeSpan span) implements MetricReader {}
}
