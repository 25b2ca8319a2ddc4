package org.vivarium.core.metrics.exposition;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.LatencyView;
import org.vivarium.api.view.metrics.PoolWindow;

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

    /** Reads percentiles of calls in a window. */
    static MetricReader latency(Function<CallStats, LatencyView> read) {
        return new OfLatency(read);
    }

    /** Reads percentiles of the lives of workers in a window. */
    static MetricReader lives(Function<PoolWindow, LatencyView> read) {
        return new OfLives(read);
    }

    /** Does not depend on a window. */
    record Now(ToDoubleFunction<PoolNow> read) implements MetricReader {}

    /** Of a pool in a window. */
    record OfWindow(ToDoubleFunction<PoolWindow> read) implements MetricReader {}

    /** Of calls in a window: those of a pool, a program or a worker. */
    record OfCalls(ToDoubleFunction<CallStats> read) implements MetricReader {}

    /** Likewise, with percentiles. */
    record OfLatency(Function<CallStats, LatencyView> read) implements MetricReader {}

    /** Of spans of the lives of workers in a window, with percentiles. */
    record OfLives(Function<PoolWindow, LatencyView> read) implements MetricReader {}
}
