package org.vivarium.core.metrics.exposition;

import java.util.Locale;

/** What a metric is to Prometheus. */
public enum MetricKind {
    GAUGE,
    COUNTER,
    HISTOGRAM;

    /** Returns it as Prometheus writes it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
