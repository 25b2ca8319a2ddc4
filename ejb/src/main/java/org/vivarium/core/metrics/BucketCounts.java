package org.vivarium.core.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * How many durations since the service started fell into each bucket of a histogram, and their sum. Immutable.
 *
 * @param counts of each bucket alone, in the order of {@link #BOUNDS}
 * @param seconds the sum of all durations
 */
public record BucketCounts(List<Long> counts, double seconds) {
    /**
     * The longest duration of each bucket in seconds, ascending; the last has none. The same for all histograms, so
     * that they can be added up over pools and servers.
     */
    public static final List<Double> BOUNDS = DoubleStream.of(
                    0.001,
                    0.0025,
                    0.005,
                    0.01,
                    0.025,
                    0.05,
                    0.1,
                    0.25,
                    0.5,
                    1,
                    2.5,
                    5,
                    10,
                    30,
                    60,
                    Double.POSITIVE_INFINITY)
            .boxed()
            .toList();

    private static final double NANOS_PER_SECOND = 1e9;

    public BucketCounts {
        counts = List.copyOf(counts);
    }

    /** Returns how many durations there were. */
    public long count() {
        return counts.stream().mapToLong(Long::longValue).sum();
    }

    /** Counts durations. Not thread safe. */
    static final class Recorder {
        private static final long[] BOUNDS_NANOS = BOUNDS.stream()
                .mapToLong(bound -> Math.round(bound * NANOS_PER_SECOND))
                .toArray();

        private final long[] counts = new long[BOUNDS_NANOS.length];
        private double seconds;

        void add(long nanos) {
            int found = Arrays.binarySearch(BOUNDS_NANOS, Math.max(0, nanos));
            counts[found < 0 ? -found - 1 : found]++;
            seconds += Math.max(0, nanos) / NANOS_PER_SECOND;
        }

        BucketCounts read() {
            return new BucketCounts(Arrays.stream(counts).boxed().toList(), seconds);
        }
    }
}
