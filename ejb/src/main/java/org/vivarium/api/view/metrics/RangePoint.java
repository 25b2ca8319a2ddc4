package org.vivarium.api.view.metrics;

import java.time.Instant;

/**
 * What happened in a pool in a step of time.
 *
 * @param from where the step begins
 * @param seconds how much of it is known; more than the step where only coarser detail is left
 * @param throughputPerSecond calls that ended, by the seconds
 * @param errorRate part of them that failed; NaN without calls
 * @param utilization busy slot time by slot time; NaN without a ready worker
 * @param ready ready workers, on average
 * @param slots slots for calls, on average
 * @param mostWaiting most callers that were seen to wait
 * @param oldestWaitMillis longest wait that was sampled
 * @param waiting percentiles, from the histograms of the step
 */
public record RangePoint(
        Instant from,
        double seconds,
        long samples,
        double throughputPerSecond,
        double errorRate,
        double utilization,
        double ready,
        double slots,
        int mostWaiting,
        double oldestWaitMillis,
        LatencyView waiting,
        LatencyView execution,
        LatencyView total) {}
