package org.vivarium.core.metrics.windows;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The calls of one worker or one program: an open slot and the last closed ones. Not thread safe. */
public final class Series {
    private final TimeSliceRing closed = new TimeSliceRing(TimeSlice.KEPT - 1);
    private final TimeRing busy = new TimeRing(TimeSlice.KEPT, TimeSlice.NANOS);
    private final TimeRing capacity = new TimeRing(TimeSlice.KEPT, TimeSlice.NANOS);
    private final Recording wait = new Recording();
    private final Recording execution = new Recording();
    private final Recording total = new Recording();
    private final Map<ErrorKind, Long> failures = new HashMap<>();
    private long calls;
    private long allCalls;
    private long allErrors;

    public Series(long slot) {
        busy.advance(slot);
        capacity.advance(slot);
    }

    /**
     * Notes a call.
     *
     * @param executionNanos negative if no worker had it
     * @param totalNanos both, of all attempts, and the pauses between them
     * @param failure {@code null} if it went well
     */
    public void add(long waitNanos, long executionNanos, long totalNanos, @Nullable ErrorKind failure) {
        calls++;
        allCalls++;
        wait.add(waitNanos);
        total.add(totalNanos);
        if (executionNanos >= 0) {
            execution.add(executionNanos);
        }
        if (failure != null) {
            failures.merge(failure, 1L, Long::sum);
            allErrors += failure.isError() ? 1 : 0;
        }
    }

    /** Notes that a call went on from {@code from} to {@code to}. */
    public void busy(long from, long to) {
        busy.add(from, to, 1);
    }

    /** Notes that there were {@code slots} slots for calls from {@code from} to {@code to}. */
    public void serving(long from, long to, int slots) {
        capacity.add(from, to, slots);
    }

    /** Closes the open slot and returns what is in it; {@code next} begins. */
    public TimeSlice close(long next) {
        TimeSlice slot = look();
        closed.push(slot);
        calls = 0;
        failures.clear();
        wait.clear();
        execution.clear();
        total.clear();
        busy.advance(next);
        capacity.advance(next);
        return slot;
    }

    private TimeSlice look() {
        return calls == 0
                ? TimeSlice.EMPTY
                : new TimeSlice(calls, failures, wait.look(), execution.look(), total.look(), Map.of());
    }

    /** Forgets the oldest slice, unless no more than the last minute is left; returns whether it did. */
    public boolean shed() {
        return closed.shed();
    }

    /** Returns whether nothing is left to remember. */
    public boolean isSilent() {
        return calls == 0 && closed.isSilent() && capacity.isEmpty();
    }

    /** Returns about how much memory it takes. */
    public long bytes() {
        return closed.bytes() + busy.bytes() + capacity.bytes() + wait.bytes() + execution.bytes() + total.bytes();
    }

    /** Returns what was recorded so far. */
    public SeriesReading read() {
        return new SeriesReading(allCalls, allErrors, closed.after(look()), busy.look(), capacity.look());
    }

    /**
     * What was read from a series.
     *
     * @param busyNanos how long calls that ended went on in each slice, newest first
     * @param capacityNanos likewise, the time of all slots that a worker had for calls; 0 for a program
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never given away
    public record SeriesReading(long calls, long errors, TimeSlices slots, long[] busyNanos, long[] capacityNanos) {
        public static final SeriesReading NONE = new SeriesReading(0, 0, TimeSlices.NONE, new long[0], new long[0]);
    }
}
