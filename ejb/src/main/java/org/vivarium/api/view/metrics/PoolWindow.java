package org.vivarium.api.view.metrics;

/**
 * What happened in a pool in a window.
 *
 * @param start from asking for a worker to its readiness
 * @param degraded how long workers were in the state DEGRADED, of those that left it
 * @param draining likewise DRAINING
 * @param terminating likewise TERMINATING
 * @param recovery from noticing the death of a worker to its replacement in service
 * @param healthCheck how long health checks took, failed ones included
 * @param workers what its workers did
 * @param resolvedRate of the calls that were attempted more than once, the part that succeeded at last; NaN without any
 * @param affinityHitRate hits by hits and misses of sessions; NaN without any
 * @param errors its failures
 */
public record PoolWindow(
        CallStats calls,
        LatencyView start,
        LatencyView degraded,
        LatencyView draining,
        LatencyView terminating,
        LatencyView recovery,
        LatencyView healthCheck,
        WorkerRates workers,
        double resolvedRate,
        double retriesPerSecond,
        double rejectedPerSecond,
        double affinityHitRate,
        ErrorRates errors) {}
