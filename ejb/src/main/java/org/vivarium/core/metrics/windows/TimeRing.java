package org.vivarium.core.metrics.windows;

import java.util.Arrays;

/** Spans of time, spread over the slots in which they lie: how long something went on in each of the last ones. */
public final class TimeRing {
    private final long slotNanos;
    private final long[] nanos;
    private long newest;

    public TimeRing(int slots, long slotNanos) {
        this.nanos = new long[slots];
        this.slotNanos = slotNanos;
    }

    /** Begins {@code slot}; those that are too old are forgotten. */
    public void advance(long slot) {
        long first = Math.max(newest + 1, slot - nanos.length + 1);
        for (long each = first; each <= slot; each++) {
            nanos[index(each)] = 0;
        }
        newest = Math.max(newest, slot);
    }

    /** Adds the span from {@code from} to {@code to}, {@code times} times, up to the end of the newest slot. */
    public void add(long from, long to, long times) {
        long oldest = Math.max(0, newest - nanos.length + 1);
        for (long slot = Math.max(oldest, Math.floorDiv(from, slotNanos)); slot <= newest; slot++) {
            long begin = Math.max(from, slot * slotNanos);
            long end = Math.min(to, (slot + 1) * slotNanos);
            if (end > begin) {
                nanos[index(slot)] += (end - begin) * times;
            }
        }
    }

    /** Returns whether nothing went on in any of them. */
    boolean isEmpty() {
        return Arrays.stream(nanos).allMatch(each -> each == 0);
    }

    /** Returns the sums of the last slots, the newest first. */
    public long[] look() {
        long[] copy = new long[(int) Math.min(nanos.length, newest + 1)];
        for (int age = 0; age < copy.length; age++) {
            copy[age] = nanos[index(newest - age)];
        }
        return copy;
    }

    /** Returns about how much memory it takes. */
    public long bytes() {
        return (long) nanos.length * Long.BYTES;
    }

    private int index(long slot) {
        return (int) (slot % nanos.length);
    }
}
