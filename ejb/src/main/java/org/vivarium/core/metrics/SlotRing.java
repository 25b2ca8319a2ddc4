package org.vivarium.core.metrics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last closed slots of a series. */
final class SlotRing {
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

    boolean isSilent() {
        return closed.stream().allMatch(slot -> slot.equals(SlotRecord.EMPTY));
    }
}
