package org.vivarium.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.vivarium.api.ErrorCategory;
import org.vivarium.core.metrics.history.HistoryPoint;
import org.vivarium.core.metrics.windows.Durations;
import org.vivarium.core.metrics.windows.ErrorKind;
import org.vivarium.core.metrics.windows.LifeSpan;
import org.vivarium.core.metrics.windows.TimeSlice;

/** Points for tests. */
public final class HistoryPoints {
    private HistoryPoints() {}

    /** Returns a point of a minute with so many calls of 20 ms, two of which failed. */
    public static HistoryPoint minute(Instant start, int calls) {
        return point(start, Duration.ofMinutes(1), calls);
    }

    public static HistoryPoint point(Instant start, Duration length, int calls) {
        Histogram histogram = new Histogram(TimeUnit.HOURS.toNanos(24), 2);
        histogram.recordValueWithCount(TimeUnit.MILLISECONDS.toNanos(20), calls);
        histogram.recordValueWithCount(TimeUnit.SECONDS.toNanos(3), 1);
        Durations durations = Durations.ofEncoded(encoded(histogram));
        return new HistoryPoint(
                0,
                Math.toIntExact(length.toSeconds() / 5),
                start,
                new TimeSlice(
                        calls,
                        Map.of(new ErrorKind(ErrorCategory.PROGRAM_ERROR, "ProgramFailed"), 2L),
                        durations,
                        durations,
                        durations,
                        Map.of(LifeSpan.START, durations)),
                new HistoryPoint.Usage(30, 60, 60),
                new HistoryPoint.Queue(3, 4.5));
    }

    private static byte[] encoded(Histogram histogram) {
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        long before = 0;
        for (var bucket : histogram.recordedValues()) {
            write(out, bucket.getValueIteratedTo() - before);
            write(out, bucket.getCountAtValueIteratedTo());
            before = bucket.getValueIteratedTo();
        }
        return out.toByteArray();
    }

    private static void write(java.io.ByteArrayOutputStream out, long number) {
        long rest = number;
        while (rest >= 0x80) {
            out.write((int) (rest & 0x7f) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }
}
