package org.vivarium.core.metrics.windows;

import java.util.function.ToDoubleFunction;
import org.vivarium.api.view.metrics.LatencyView;

/** The percentiles that are shown. */
@SuppressWarnings("ImmutableEnumChecker") // its functions keep nothing
public enum Percentile {
    P50("P50", "0.5", "the 50th percentile", LatencyView::p50Millis),
    P90("P90", "0.9", "the 90th percentile", LatencyView::p90Millis),
    P95("P95", "0.95", "the 95th percentile", LatencyView::p95Millis),
    P99("P99", "0.99", "the 99th percentile", LatencyView::p99Millis),
    P999("P999", "0.999", "the 99.9th percentile", LatencyView::p999Millis),
    MAX("Max", "1", "the longest", LatencyView::maxMillis);

    private final String label;
    private final String quantile;
    private final String words;
    private final ToDoubleFunction<LatencyView> read;

    Percentile(String label, String quantile, String words, ToDoubleFunction<LatencyView> read) {
        this.label = label;
        this.quantile = quantile;
        this.words = words;
        this.read = read;
    }

    /** Returns its part of the name of an attribute, such as {@code P99}. */
    public String label() {
        return label;
    }

    /** Returns it as a number from 0 to 1, as Prometheus writes it. */
    public String quantile() {
        return quantile;
    }

    /** Returns the percentile in words, for descriptions. */
    public String words() {
        return words;
    }

    /** Returns its value; NaN without data. */
    public double of(LatencyView latency) {
        return read.applyAsDouble(latency);
    }
}
