package org.vivarium.core.metrics.windows;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
import org.vivarium.api.view.metrics.LatencyView;

/**
 * Durations as buckets that are right to 1 %, and how many fell into each: a histogram at rest. A few bytes for each
 * bucket that is not empty, where a histogram has tens of kilobytes. Immutable.
 */
public final class Durations {
    public static final Durations NONE = new Durations(new byte[0], 0);

    /** Longer ones count as this long. */
    static final long LONGEST_NANOS = TimeUnit.HOURS.toNanos(24);

    static final int DIGITS = 2;

    private static final int OBJECT_BYTES = 48; // this object and its array, without what is in it
    private static final int PAYLOAD_BITS = 7;
    private static final int MORE = 0x80;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double[] PERCENTS = {50, 90, 95, 99, 99.9, 100};

    private final byte[] buckets; // for each: distance to the one before, count; 7 bits a byte, lowest first
    private final long count;

    private Durations(byte[] buckets, long count) {
        this.buckets = buckets;
        this.count = count;
    }

    static Durations of(AbstractHistogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return NONE;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long before = 0;
        for (HistogramIterationValue bucket : histogram.recordedValues()) {
            write(out, bucket.getValueIteratedTo() - before);
            write(out, bucket.getCountAtValueIteratedTo());
            before = bucket.getValueIteratedTo();
        }
        return new Durations(out.toByteArray(), histogram.getTotalCount());
    }

    /** Returns what {@link #ofEncoded} makes the same durations of. */
    public byte[] encoded() {
        return buckets.clone();
    }

    /**
     * Returns the durations that were encoded.
     *
     * @throws IllegalArgumentException if {@code encoded} was not made by {@link #encoded}
     */
    public static Durations ofEncoded(byte[] encoded) {
        Reader reader = new Reader(encoded);
        long value = 0;
        long count = 0;
        try {
            while (reader.hasNext()) {
                value = Math.addExact(value, reader.next());
                long more = reader.next();
                if (value > 2 * LONGEST_NANOS || more <= 0) {
                    throw new IllegalArgumentException("a bucket of " + more + " at " + value + " ns");
                }
                count = Math.addExact(count, more);
            }
        } catch (ArithmeticException | ArrayIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("these are no buckets", e);
        }
        return count == 0 ? NONE : new Durations(encoded.clone(), count);
    }

    /** Returns all of {@code parts} together, exactly as if they had been recorded in one. */
    static Durations union(List<Durations> parts) {
        List<Durations> full = parts.stream().filter(part -> part.count > 0).toList();
        return switch (full.size()) {
            case 0 -> NONE;
            case 1 -> full.get(0);
            default -> of(merged(full));
        };
    }

    private static Histogram merged(List<Durations> parts) {
        Histogram sum = new Histogram(LONGEST_NANOS, DIGITS);
        parts.forEach(part -> part.addTo(sum));
        return sum;
    }

    private void addTo(Histogram sum) {
        Reader reader = new Reader(buckets);
        long value = 0;
        while (reader.hasNext()) {
            value += reader.next();
            sum.recordValueWithCount(Math.min(value, LONGEST_NANOS), reader.next());
        }
    }

    /** Returns the percentiles of all of {@code parts} together. */
    public static LatencyView view(List<Durations> parts) {
        List<Durations> full = parts.stream().filter(part -> part.count > 0).toList();
        return switch (full.size()) {
            case 0 -> LatencyView.NONE;
            case 1 -> full.get(0).view(); // four times as fast, and what a range has by the hundred
            default -> view(merged(full));
        };
    }

    private static LatencyView view(Histogram sum) {
        return new LatencyView(
                sum.getTotalCount(),
                sum.getValueAtPercentile(50) / NANOS_PER_MILLI,
                sum.getValueAtPercentile(90) / NANOS_PER_MILLI,
                sum.getValueAtPercentile(95) / NANOS_PER_MILLI,
                sum.getValueAtPercentile(99) / NANOS_PER_MILLI,
                sum.getValueAtPercentile(99.9) / NANOS_PER_MILLI,
                sum.getMaxValue() / NANOS_PER_MILLI);
    }

    /** Returns the percentiles of these alone, as a histogram of them would. */
    private LatencyView view() {
        double[] millis = new double[PERCENTS.length];
        Reader reader = new Reader(buckets);
        long value = 0;
        long seen = 0;
        for (int next = 0; next < millis.length; ) {
            if (seen >= rank(PERCENTS[next])) {
                millis[next++] = value / NANOS_PER_MILLI;
            } else {
                value += reader.next();
                seen += reader.next();
            }
        }
        return new LatencyView(count, millis[0], millis[1], millis[2], millis[3], millis[4], millis[5]);
    }

    /** Returns how many are not longer than the percentile; the ulp keeps a product from being rounded up. */
    private long rank(double percent) {
        return Math.max(1, (long) Math.ceil(Math.nextDown(percent) * count / 100));
    }

    /** Returns what the part {@code quantile} of all of {@code parts} is within; NaN if there are none. */
    public static double quantileMillis(List<Durations> parts, double quantile) {
        Histogram sum = merged(parts);
        return sum.getTotalCount() == 0 ? Double.NaN : sum.getValueAtPercentile(quantile * 100) / NANOS_PER_MILLI;
    }

    /** Returns how many there are. */
    public long count() {
        return count;
    }

    /** Returns about how much memory it takes. */
    public int bytes() {
        return count == 0 ? 0 : OBJECT_BYTES + buckets.length;
    }

    private static void write(ByteArrayOutputStream out, long number) {
        long rest = number;
        while (rest >= MORE) {
            out.write((int) (rest & (MORE - 1)) | MORE);
            rest >>>= PAYLOAD_BITS;
        }
        out.write((int) rest);
    }

    private static final class Reader {
        private final byte[] from;
        private int position;

        Reader(byte[] from) {
            this.from = from;
        }

        boolean hasNext() {
            return position < from.length;
        }

        long next() {
            long number = 0;
            int shift = 0;
            int part;
            do {
                part = from[position++];
                number |= (long) (part & (MORE - 1)) << shift;
                shift += PAYLOAD_BITS;
            } while ((part & MORE) != 0);
            return number;
        }
    }
}
