package org.vivarium.core.metrics.objectives;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.vivarium.core.metrics.windows.Durations;
import org.vivarium.core.metrics.windows.Recording;
import org.vivarium.core.metrics.windows.TimeSlice;
import org.vivarium.core.metrics.windows.Window;

/** The calls that one objective is about: durations for 5 minutes, counts for a day. Not thread safe. */
final class ObjectiveSeries {
    private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final int FIVE_MINUTES = Window.FIVE_MINUTES.slots();
    private static final int HOUR = 60;
    private static final int DAY = 24 * HOUR;

    private final TallyRing slots = new TallyRing(FIVE_MINUTES, TimeSlice.NANOS);
    private final TallyRing minutes = new TallyRing(DAY, MINUTE_NANOS);
    private final Recording open = new Recording();
    private final Deque<Closed> closed = new ArrayDeque<>(); // newest first
    private long slot;

    /**
     * Notes a call that ended {@code now} after the beginning.
     *
     * @param durationNanos negative if its duration does not count
     */
    void add(long now, ObjectiveOutcome verdict, long durationNanos, boolean slow) {
        advance(now);
        boolean timed = durationNanos >= 0;
        slots.add(now, verdict, timed, slow);
        minutes.add(now, verdict, timed, slow);
        if (timed) {
            open.add(durationNanos);
        }
    }

    private void advance(long now) {
        long current = now / TimeSlice.NANOS;
        if (current > slot) {
            Durations durations = open.look();
            if (durations.count() > 0) {
                closed.addFirst(new Closed(slot, durations));
            }
            open.clear();
            slot = current;
        }
        while (!closed.isEmpty() && closed.getLast().slot <= slot - FIVE_MINUTES) {
            closed.removeLast();
        }
    }

    Reading read(long now) {
        advance(now);
        List<Durations> durations = new ArrayList<>();
        durations.add(open.look());
        closed.forEach(each -> durations.add(each.durations));
        return new Reading(slots.sum(now, FIVE_MINUTES), minutes.sum(now, HOUR), minutes.sum(now, DAY), durations);
    }

    /** Returns about how much memory it takes. */
    long bytes() {
        return slots.bytes()
                + minutes.bytes()
                + open.bytes()
                + closed.stream().mapToLong(each -> each.durations.bytes()).sum();
    }

    private record Closed(long slot, Durations durations) {}

    /**
     * What is known at one moment.
     *
     * @param durations of the last 5 minutes
     */
    record Reading(Tally five, Tally hour, Tally day, List<Durations> durations) {
        Reading {
            durations = List.copyOf(durations);
        }
    }
}
