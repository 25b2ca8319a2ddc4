package org.vivarium.api.view;

/**
 * What happened in a pool in a window.
 *
 * @param start from asking for a worker to its readiness
 * @param affinityHitRate hits by hits and misses of sessions; NaN without any
 * @param errors its failures
 */
public record PoolWindow(
        CallStats calls,
        LatencyView start,
        double retriesPerSecond,
        double rejectedPerSecond,
        double affinityHitRate,
        ErrorRates errors) {}
