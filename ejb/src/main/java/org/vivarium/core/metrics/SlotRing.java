package org.vivarium.core.metrics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last closed slots of a series. */
final class SlotRing {
    private static final int REFERENCE_BYTES = 8;
    private static final int OBJECT_BYTES = 48; // a record and the reference to it, without histograms

    private final int capacity;
    private final Deque<SlotRecord> closed = new ArrayDeque<>(); // newest first

    SlotRing(int capacity) {
        this.capacity = capacity;
    }

    /** Takes one that was just closed. */
    void push(SlotRecord slot) {
        closed.addFirst(slot);
        if (closed.size() > capacity) {
            closed.removeLast();
        }
    }

    /** Returns {@code open} and all before it, newest first. */
    List<SlotRecord> after(SlotRecord open) {
        List<SlotRecord> slots = new ArrayList<>(closed.size() + 1);
        slots.add(open);
        slots.addAll(closed);
        return slots;
    }

    /** Returns about how much memory it takes. */
    long bytes() {
        return closed.stream()
                .mapToLong(slot -> slot.equals(SlotRecord.EMPTY) ? REFERENCE_BYTES : OBJECT_BYTES + slot.bytes())
                .sum();
    }

    boolean isSilent() {
        return closed.stream().allMatch(slot -> slot.equals(SlotRecord.EMPTY));
    }
}
