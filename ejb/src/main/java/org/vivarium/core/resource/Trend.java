package org.vivarium.core.resource;

import java.util.Arrays;

/**
 * The last values of something and how they grow, by the slopes between all pairs of them: their median, which a few
 * leaps do not move (Theil and Sen), and whether at least three of four rise. Not thread safe.
 */
final class Trend {
    /** Values kept: two minutes of a sample every 5 s. */
    static final int KEPT = 24;

    /** Fewer say nothing. */
    static final int LEAST = 3;

    private static final double NANOS_PER_MINUTE = 60e9;
    private static final int QUARTERS = 4;

    private final long[] nanos = new long[KEPT];
    private final double[] values = new double[KEPT];
    private int count;
    private double perMinute = Double.NaN;
    private boolean steady;

    /** Adds a value; {@code atNanos} is later than that of the one before. */
    void add(long atNanos, double value) {
        int place = count % KEPT;
        nanos[place] = atNanos;
        values[place] = value;
        count++;
        int kept = Math.min(count, KEPT);
        if (kept >= LEAST) {
            judge(slopes(kept));
        }
    }

    private void judge(double[] slopes) {
        int pairs = slopes.length;
        perMinute = (slopes[(pairs - 1) / 2] + slopes[pairs / 2]) / 2;
        steady = slopes[pairs / QUARTERS] > 0;
    }

    private double[] slopes(int kept) {
        double[] slopes = new double[kept * (kept - 1) / 2];
        int next = 0;
        for (int i = 0; i < kept; i++) {
            for (int j = 0; j < i; j++) {
                slopes[next++] = (values[i] - values[j]) / (nanos[i] - nanos[j]) * NANOS_PER_MINUTE;
            }
        }
        Arrays.sort(slopes);
        return slopes;
    }

    /** Returns the growth in a minute; NaN while there are too few values. */
    double perMinute() {
        return perMinute;
    }

    /** Returns whether it rises all the time, rather than now and then. */
    boolean isSteady() {
        return steady;
    }
}
