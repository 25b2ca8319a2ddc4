package org.vivarium.core.metrics.objectives;

import java.util.Arrays;

/** Tallies of the last slots of a length. Not thread safe. */
final class TallyRing {
    private static final int FIELDS = 5;

    private final long slotNanos;
    private final int slots;
    private final int[] counts; // a slot has FIELDS of them
    private long newest;

    TallyRing(int slots, long slotNanos) {
        this.slots = slots;
        this.slotNanos = slotNanos;
        this.counts = new int[slots * FIELDS];
    }

    /** Adds a call that ended {@code nanos} after the beginning. */
    void add(long nanos, ObjectiveOutcome verdict, boolean timed, boolean slow) {
        int at = index(advance(nanos));
        counts[at]++;
        counts[at + 1] += verdict == ObjectiveOutcome.GOOD ? 0 : 1;
        counts[at + 2] += verdict == ObjectiveOutcome.UNAVAILABLE ? 1 : 0;
        counts[at + 3] += timed ? 1 : 0;
        counts[at + 4] += slow ? 1 : 0;
    }

    private long advance(long nanos) {
        long slot = nanos / slotNanos;
        for (long each = Math.max(newest + 1, slot - slots + 1); each <= slot; each++) {
            int at = index(each);
            Arrays.fill(counts, at, at + FIELDS, 0);
        }
        newest = Math.max(newest, slot);
        return newest;
    }

    private int index(long slot) {
        return (int) (slot % slots) * FIELDS;
    }

    /** Returns the sum of the last {@code last} slots, the one of {@code nanos} included. */
    Tally sum(long nanos, int last) {
        long slot = advance(nanos);
        long[] sums = new long[FIELDS];
        for (long each = Math.max(0, slot - last + 1); each <= slot; each++) {
            int at = index(each);
            for (int field = 0; field < FIELDS; field++) {
                sums[field] += counts[at + field];
            }
        }
        return new Tally(sums[0], sums[1], sums[2], sums[3], sums[4]);
    }

    long bytes() {
        return (long) counts.length * Integer.BYTES;
    }
}
