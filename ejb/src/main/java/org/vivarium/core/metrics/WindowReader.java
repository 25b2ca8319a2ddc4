package org.vivarium.core.metrics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.vivarium.api.event.CallOutcome;
import org.vivarium.api.view.CallView;
import org.vivarium.api.view.metrics.CallStats;
import org.vivarium.api.view.metrics.ErrorCount;
import org.vivarium.api.view.metrics.ErrorRates;
import org.vivarium.api.view.metrics.LatencyView;
import org.vivarium.core.metrics.PoolRecorder.Reading;
import org.vivarium.core.metrics.windows.Durations;
import org.vivarium.core.metrics.windows.ErrorKind;
import org.vivarium.core.metrics.windows.LifeSpan;
import org.vivarium.core.metrics.windows.Series.SeriesReading;
import org.vivarium.core.metrics.windows.TimeSlice;
import org.vivarium.core.metrics.windows.TimeSlices;
import org.vivarium.core.metrics.windows.Window;

/**
 * Turns a reading into the numbers of one window; all from the same slots, so that they fit together.
 *
 * @param running the calls that workers have, whose age is busy time as well
 */
record WindowReader(Window window, Reading reading, List<CallView> running) {
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double NANOS_PER_MILLI = 1e6;

    double seconds() {
        return seconds(TimeSlice.KEPT);
    }

    /** Returns how much of the window is covered if all is known of {@code known} slices only. */
    private double seconds(int known) {
        return reading.at().covered(Math.min(window.slots(), known)) / NANOS_PER_SECOND;
    }

    /** Returns what happened {@code count} times as a rate; NaN before any time has passed. */
    double perSecond(long count) {
        return perSecond(count, seconds());
    }

    private static double perSecond(long count, double seconds) {
        return seconds > 0 ? count / seconds : Double.NaN;
    }

    CallStats pool() {
        double busy = busy(reading.busyNanos(), call -> true);
        return stats(reading.slots(), ratio(busy, sum(reading.capacity().slotNanos())));
    }

    CallStats worker(String name, SeriesReading series) {
        double busy = busy(series.busyNanos(), call -> call.worker().equals(name));
        return stats(series.slots(), ratio(busy, sum(series.capacityNanos())));
    }

    CallStats program(SeriesReading series) {
        return stats(series.slots(), Double.NaN);
    }

    private double busy(long[] ended, Predicate<CallView> whose) {
        double longest = reading.at().covered(window.slots());
        return sum(ended)
                + running.stream()
                        .filter(whose)
                        .mapToDouble(call -> Math.min(longest, call.runningMillis() * NANOS_PER_MILLI))
                        .sum();
    }

    private double sum(long[] newestFirst) {
        return Arrays.stream(newestFirst).limit(window.slots()).sum();
    }

    /** Returns at most 1: what is seen once a second does not always fit to the nanosecond. */
    private static double ratio(double busy, double there) {
        return there > 0 ? Math.min(1, busy / there) : Double.NaN;
    }

    private List<TimeSlice> within(TimeSlices slots) {
        return slots.last(window.slots());
    }

    private CallStats stats(TimeSlices all, double utilization) {
        List<TimeSlice> slots = within(all);
        long calls = slots.stream().mapToLong(TimeSlice::calls).sum();
        long errors = slots.stream().mapToLong(TimeSlice::errors).sum();
        double seconds = seconds(all.known());
        return new CallStats(
                window.label(),
                seconds,
                calls,
                perSecond(calls, seconds),
                calls == 0 ? Double.NaN : (double) errors / calls,
                utilization,
                latency(slots, TimeSlice::waiting),
                latency(slots, TimeSlice::execution),
                latency(slots, TimeSlice::total),
                ended(slots, CallOutcome.TIMED_OUT),
                ended(slots, CallOutcome.CANCELLED),
                ended(slots, CallOutcome.INTERRUPTED));
    }

    private static long ended(List<TimeSlice> slots, CallOutcome how) {
        return TimeSlice.failures(slots).entrySet().stream()
                .filter(entry -> entry.getKey().outcome() == how)
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    LatencyView life(LifeSpan span) {
        return latency(within(reading.slots()), slot -> slot.life(span));
    }

    private static LatencyView latency(List<TimeSlice> slots, Function<TimeSlice, Durations> which) {
        return Durations.view(slots.stream().map(which).toList());
    }

    ErrorRates errors() {
        List<TimeSlice> slots = within(reading.slots());
        Map<ErrorKind, Long> failures = TimeSlice.failures(slots);
        long calls = slots.stream().mapToLong(TimeSlice::calls).sum();
        long errors = TimeSlice.errors(failures);
        return new ErrorRates(
                window.label(),
                seconds(),
                calls,
                errors,
                calls == 0 ? Double.NaN : (double) errors / calls,
                failures.entrySet().stream()
                        .map(entry -> count(entry.getKey(), entry.getValue()))
                        .sorted(Comparator.comparingLong(ErrorCount::count)
                                .reversed()
                                .thenComparing(ErrorCount::category)
                                .thenComparing(ErrorCount::type))
                        .toList());
    }

    private ErrorCount count(ErrorKind kind, long count) {
        return new ErrorCount(kind.category().code(), kind.type(), kind.isError(), count, perSecond(count));
    }
}
