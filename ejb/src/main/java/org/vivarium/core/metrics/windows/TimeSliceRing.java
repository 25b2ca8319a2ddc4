package org.vivarium.core.metrics.windows;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** The last closed slots of a series. */
public final class TimeSliceRing {
    private static final int REFERENCE_BYTES = 8;
    private static final int OBJECT_BYTES = 48; // a record and the reference to it, without histograms

    private final int capacity;
    private final Deque<TimeSlice> closed = new ArrayDeque<>(); // newest first
    private final Deque<TimeSlice> minutes = new ArrayDeque<>(); // likewise; each is the union of so many of those
    private int young; // how many are not in a minute yet
    private boolean shed; // whether some went before their time

    public TimeSliceRing(int capacity) {
        this.capacity = capacity;
    }

    /** Takes one that was just closed. */
    public void push(TimeSlice slot) {
        closed.addFirst(slot);
        young++;
        if (young == TimeSlices.MINUTE) {
            minutes.addFirst(TimeSlice.union(closed.stream().limit(young).toList()));
            young = 0;
        }
        if (closed.size() > capacity) {
            closed.removeLast();
            shed = false; // all that a window can ask for is there again
        }
        if (minutes.size() > capacity / TimeSlices.MINUTE) {
            minutes.removeLast();
        }
    }

    /** Forgets the oldest slice, unless no more than the last minute is left; returns whether it did. */
    boolean shed() {
        if (closed.size() < TimeSlices.MINUTE) {
            return false;
        }
        closed.removeLast();
        if (minutes.size() > (closed.size() - young) / TimeSlices.MINUTE) {
            minutes.removeLast();
        }
        shed = true;
        return true;
    }

    /** Returns {@code open} and all before it. */
    public TimeSlices after(TimeSlice open) {
        int known = shed ? closed.size() + 1 : TimeSlice.KEPT;
        return new TimeSlices(open, List.copyOf(closed), List.copyOf(minutes), young, known);
    }

    /** Returns about how much memory it takes. */
    public long bytes() {
        return Stream.concat(closed.stream(), minutes.stream())
                .mapToLong(slot -> slot.equals(TimeSlice.EMPTY) ? REFERENCE_BYTES : OBJECT_BYTES + slot.bytes())
                .sum();
    }

    boolean isSilent() {
        return closed.stream().allMatch(slot -> slot.equals(TimeSlice.EMPTY));
    }
}
