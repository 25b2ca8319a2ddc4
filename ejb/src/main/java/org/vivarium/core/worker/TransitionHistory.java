package org.vivarium.core.worker;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last changes of state of one worker, in two rings of equal size: one for its life, one for the coming and going
 * of calls, which would otherwise push everything else out within milliseconds. Thread safe and lock free.
 */
final class TransitionHistory {
    private final Ring life;
    private final Ring occupancy;

    /** Keeps {@code length} changes of each kind. */
    TransitionHistory(int length) {
        this.life = new Ring(length);
        this.occupancy = new Ring(length);
    }

    void add(Transition transition) {
        (transition.isOccupancy() ? occupancy : life).add(transition);
    }

    /** Returns what is kept, oldest first. */
    List<Transition> snapshot() {
        return Stream.concat(life.entries(), occupancy.entries())
                .sorted(Comparator.comparing(Transition::at))
                .toList();
    }

    private static final class Ring {
        private final AtomicReferenceArray<@Nullable Transition> entries;
        private final AtomicLong next = new AtomicLong();

        Ring(int length) {
            entries = new AtomicReferenceArray<>(length);
        }

        void add(Transition transition) {
            entries.lazySet((int) (next.getAndIncrement() % entries.length()), transition);
        }

        Stream<Transition> entries() {
            return IntStream.range(0, entries.length()).mapToObj(entries::get).flatMap(Stream::ofNullable);
        }
    }
}
