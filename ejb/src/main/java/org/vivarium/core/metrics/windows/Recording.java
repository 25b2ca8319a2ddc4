package org.vivarium.core.metrics.windows;

import org.HdrHistogram.IntCountsHistogram;
import org.jspecify.annotations.Nullable;

/** Durations while they come in; has a histogram only while some do. */
public final class Recording {
    private @Nullable IntCountsHistogram histogram;

    /** Records one duration. */
    public void add(long nanos) {
        IntCountsHistogram to = histogram;
        if (to == null) {
            to = new IntCountsHistogram(Durations.LONGEST_NANOS, Durations.DIGITS);
            histogram = to;
        }
        to.recordValue(Math.min(Math.max(nanos, 0), Durations.LONGEST_NANOS));
    }

    /** Returns what has come so far. */
    public Durations look() {
        return histogram == null ? Durations.NONE : Durations.of(histogram);
    }

    /** Returns about how much memory it takes. */
    public int bytes() {
        return histogram == null ? 0 : histogram.getEstimatedFootprintInBytes();
    }

    /** Starts again; one that got nothing frees its memory. */
    public void clear() {
        IntCountsHistogram old = histogram;
        if (old != null && old.getTotalCount() == 0) {
            histogram = null;
        } else if (old != null) {
            old.reset();
        }
    }
}
