package org.vivarium.core.metrics.exposition;

import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.vivarium.api.view.PoolNow;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.LatencyView;
import org.vivarium.api.view.metrics.PoolWindow;

/** How a metric is read from a snapshot, and from which part of it. */
sealed interface MetricReader {

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
