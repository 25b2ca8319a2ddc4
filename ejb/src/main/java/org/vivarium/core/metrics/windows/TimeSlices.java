package org.vivarium.core.metrics.windows;

import java.util.ArrayList;
import java.util.List;

/**
 * The last slots of a series as they were at one moment. Immutable.
 *
 * @param open the one that goes on
 * @param closed those before it, newest first
 * @param minutes the same in twelves, newest first, so that long windows have few parts
 * @param young how many of {@code closed} are newer than the newest of {@code minutes}
 * @param known of how many slices, the open one included, all is known: fewer than a window has if memory was short
 */
public record TimeSlices(TimeSlice open, List<TimeSlice> closed, List<TimeSlice> minutes, int young, int known) {
    static final TimeSlices NONE = new TimeSlices(TimeSlice.EMPTY, List.of(), List.of(), 0, TimeSlice.KEPT);

    /** How many slots make a minute. */
    static final int MINUTE = Window.ONE_MINUTE.slots();

    public TimeSlices {
        closed = List.copyOf(closed);
        minutes = List.copyOf(minutes);
    }

    /** Returns how many there are. */
    public int size() {
        return 1 + closed.size();
    }

    /** Returns the slot that began {@code age} slots before the open one. */
    public TimeSlice at(int age) {
        return age == 0 ? open : closed.get(age - 1);
    }

    /** Returns the last {@code number} slots or, if they are fewer, all, in as few parts as there are. */
    public List<TimeSlice> last(int number) {
        int wanted = Math.min(number - 1, closed.size());
        int head = Math.min(young, wanted);
        int whole = (wanted - head) / MINUTE;
        List<TimeSlice> parts = new ArrayList<>();
        parts.add(open);
        parts.addAll(closed.subList(0, head));
        parts.addAll(minutes.subList(0, whole));
        parts.addAll(closed.subList(head + whole * MINUTE, wanted));
        return parts;
    }
}
