package org.vivarium.core.metrics.exposition;

/**
 * What people read about a metric.
 *
 * @param description what it is, in a sentence; of what has percentiles, without the full stop
 * @param source where the numbers come from
 * @param counter whether it only rises
 */
record MetricText(String description, String source, boolean counter) {
    private static final String POOL = "the pool, each second";

    /** Describes what is asked of the pool. */
    static MetricText pool(String description) {
        return new MetricText(description, POOL, false);
    }

    /** Describes what the pool counts. */
    static MetricText counted(String description) {
        return new MetricText(description, POOL, true);
    }

    /** Describes what is made of events. */
    static MetricText events(String description) {
        return new MetricText(description, "events", false);
    }
}
