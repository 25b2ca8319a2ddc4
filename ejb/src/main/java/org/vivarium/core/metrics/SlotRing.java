package org.vivarium.core.metrics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** The last closed slots of a series. */
final class SlotRing {
    private static final int REFERENCE_BYTES = 8;
    private static final int OBJECT_BYTES = 48; // a record and the reference to it, without histograms

    private final int capacity;
    private final Deque<SlotRecord> closed = new ArrayDeque<>(); // newest first
    private final Deque<SlotRecord> minutes = new ArrayDeque<>(); // likewise; each is the union of so many of those
    private int young; // how many are not in a minute yet

    SlotRing(int capacity) {
        this.capacity = capacity;
    }

    /** Takes one that was just closed. */
    void push(SlotRecord slot) {
        closed.addFirst(slot);
        young++;
        if (young == Slots.MINUTE) {
            minutes.addFirst(SlotRecord.union(closed.stream().limit(young).toList()));
            young = 0;
        }
        if (closed.size() > capacity) {
            closed.removeLast();
        }
        if (minutes.size() > capacity / Slots.MINUTE) {
            minutes.removeLast();
        }
    }

    /** Returns {@code open} and all before it. */
    Slots after(SlotRecord open) {
        return new Slots(open, List.copyOf(closed), List.copyOf(minutes), young);
    }

    /** Returns about how much memory it takes. */
    long bytes() {
        return Stream.concat(closed.stream(), minutes.stream())
                .mapToLong(slot -> slot.equals(SlotRecord.EMPTY) ? REFERENCE_BYTES : OBJECT_BYTES + slot.bytes())
                .sum();
    }

    boolean isSilent() {
        return closed.stream().allMatch(slot -> slot.equals(SlotRecord.EMPTY));
    }
}
