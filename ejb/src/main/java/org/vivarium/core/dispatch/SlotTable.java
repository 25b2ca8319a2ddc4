package org.vivarium.core.dispatch;

import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vivarium.core.config.PoolSettings;

/**
 * The free set: one bit per slot, 1 = free.
 *
 * <p>A claim is one compare-and-set. Callers try the slot they had last, then the lowest free bit: so few slots stay
 * warm and the highest stay cold, which is what shrinking wants. Thread safe and lock free, except {@link #add} and
 * {@link #remove}, which belong to the life cycle.
 */
public final class SlotTable {
    /** Most slots that a pool can have. */
    static final int CAPACITY = PoolSettings.MOST_SLOTS;

    /** Places between the first slots of workers and their second ones, and so on. */
    private static final int BAND = 16;

    private static final int HINTS = 256;

    private final AtomicLongArray free = new AtomicLongArray(CAPACITY / Long.SIZE);
    private final AtomicReferenceArray<@Nullable Slot> slots = new AtomicReferenceArray<>(CAPACITY);

    /** The slot that a thread had last; racy on purpose: it only decides which bit is tried first. */
    private final int[] hints = new int[HINTS];

    private volatile int wordsInUse;

    /** How many places are taken; guarded by the monitor. */
    private int taken;

    /**
     * Gives {@code slot} a place, not free yet. Free places are tried from the lowest on, so the first slots of all
     * workers come before their second ones: calls spread over workers before they share an interpreter.
     */
    public synchronized void add(Slot slot) {
        for (int tried = 0; tried < CAPACITY; tried++) {
            int index = (slot.number() * BAND + tried) % CAPACITY;
            if (slots.get(index) == null) {
                slot.index(index);
                slots.set(index, slot);
                wordsInUse = Math.max(wordsInUse, index / Long.SIZE + 1);
                taken++;
                return;
            }
        }
        throw new IllegalStateException("a pool has at most " + CAPACITY + " slots");
    }

    /** Returns whether {@code more} slots have a place. Slots that nobody gave back yet keep theirs. */
    public synchronized boolean hasRoomFor(int more) {
        return taken + more <= CAPACITY;
    }

    /** Forgets a slot that its caller owns. */
    public synchronized void remove(Slot slot) {
        if (slot.index() >= 0 && slots.compareAndSet(slot.index(), slot, null)) {
            taken--;
        }
    }

    /** Frees a slot that its caller owns. */
    void setFree(Slot slot) {
        int word = slot.index() >> 6;
        long bit = 1L << slot.index();
        long bits;
        do {
            bits = free.get(word);
        } while (!free.compareAndSet(word, bits, bits | bit));
    }

    /**
     * Takes the slot that has the place {@code index} now, if it is free: not always the one that the caller saw there
     * before.
     */
    @Nullable Slot claimAt(int index) {
        return index >= 0 && claim(index) ? slots.get(index) : null;
    }

    /** Takes any free slot; {@code null} if there is none. */
    @Nullable Slot claimAny() {
        int thread = (int) Thread.currentThread().getId() & (HINTS - 1);
        int hint = hints[thread];
        if (claim(hint)) {
            return slots.get(hint);
        }
        int words = wordsInUse;
        for (int word = 0; word < words; word++) {
            for (long bits = free.get(word); bits != 0; bits = free.get(word)) {
                int index = (word << 6) + Long.numberOfTrailingZeros(bits);
                if (claim(index)) {
                    hints[thread] = index;
                    return slots.get(index);
                }
            }
        }
        return null;
    }

    /** Returns all slots that have a place now. */
    public List<Slot> slots() {
        return IntStream.range(0, wordsInUse * Long.SIZE)
                .mapToObj(slots::get)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    @Nullable Slot at(int index) {
        return slots.get(index);
    }

    boolean hasFree() {
        int words = wordsInUse;
        for (int word = 0; word < words; word++) {
            if (free.get(word) != 0) {
                return true;
            }
        }
        return false;
    }

    private boolean claim(int index) {
        int word = index >> 6;
        long bit = 1L << index;
        while (true) {
            long bits = free.get(word);
            if ((bits & bit) == 0) {
                return false;
            }
            if (free.compareAndSet(word, bits, bits & ~bit)) {
                return true;
            }
        }
    }
}
