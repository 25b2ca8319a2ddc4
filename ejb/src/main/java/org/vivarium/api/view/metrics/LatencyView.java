package org.vivarium.api.view.metrics;

/**
 * How long something took, from a histogram that is right to 1 %.
 *
 * @param samples how many durations it is made of; if there are none, all the others are NaN
 */
public record LatencyView(
        long samples,
        double p50Millis,
        double p90Millis,
        double p95Millis,
        double p99Millis,
        double p999Millis,
        double maxMillis) {
    /** No data. */
    public static final LatencyView NONE =
            new LatencyView(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
}
