package org.vivarium.core.metrics.history;

import java.time.Instant;
import java.util.List;
import org.vivarium.api.view.metrics.LatencyView;
import org.vivarium.api.view.metrics.RangePoint;
import org.vivarium.core.metrics.windows.Durations;
import org.vivarium.core.metrics.windows.TimeSlice;

/**
 * What happened in a pool in one slot, or in several that follow one another. Immutable.
 *
 * @param slot the first one
 * @param slots how many
 * @param start when the first one began
 * @param usage how busy workers were
 * @param queue the worst that was sampled of the waiting calls
 */
public record HistoryPoint(long slot, int slots, Instant start, TimeSlice calls, Usage usage, Queue queue) {
    private static final int OBJECT_BYTES = 200; // this object and those in it, without histograms
    private static final double NANOS_PER_SECOND = 1e9;

    /** Returns all of {@code parts}, which begin with the oldest, as one. */
    static HistoryPoint union(List<HistoryPoint> parts) {
        HistoryPoint first = parts.get(0);
        return new HistoryPoint(
                first.slot,
                parts.stream().mapToInt(HistoryPoint::slots).sum(),
                first.start,
                TimeSlice.union(parts.stream().map(HistoryPoint::calls).toList()),
                parts.stream().map(HistoryPoint::usage).reduce(Usage.NONE, Usage::plus),
                parts.stream().map(HistoryPoint::queue).reduce(Queue.EMPTY, Queue::worse));
    }

    private double seconds() {
        return slots * (TimeSlice.NANOS / NANOS_PER_SECOND);
    }

    /** Returns where it ends. */
    public Instant end() {
        return start.plusNanos(slots * TimeSlice.NANOS);
    }

    int bytes() {
        return OBJECT_BYTES + calls.bytes();
    }

    /** Returns it as it is shown, in the step that begins at {@code from}. */
    public RangePoint view(Instant from) {
        double seconds = seconds();
        return new RangePoint(
                from,
                seconds,
                calls.calls(),
                calls.calls() / seconds,
                calls.calls() == 0 ? Double.NaN : (double) calls.errors() / calls.calls(),
                usage.ratio(),
                usage.readyNanos / NANOS_PER_SECOND / seconds,
                usage.slotNanos / NANOS_PER_SECOND / seconds,
                queue.waiting(),
                queue.oldestWaitMillis(),
                latency(calls.waiting()),
                latency(calls.execution()),
                latency(calls.total()));
    }

    private static LatencyView latency(Durations durations) {
        return Durations.view(List.of(durations));
    }

    /**
     * How busy workers were.
     *
     * @param busyNanos time of all calls in workers
     * @param slotNanos time of all slots for calls
     * @param readyNanos time of all ready workers
     */
    public record Usage(long busyNanos, long slotNanos, long readyNanos) {
        static final Usage NONE = new Usage(0, 0, 0);

        Usage plus(Usage other) {
            return new Usage(busyNanos + other.busyNanos, slotNanos + other.slotNanos, readyNanos + other.readyNanos);
        }

        double ratio() {
            return slotNanos == 0 ? Double.NaN : Math.min(1, (double) busyNanos / slotNanos);
        }
    }

    /** The waiting calls, as sampled. */
    public record Queue(int waiting, double oldestWaitMillis) {
        public static final Queue EMPTY = new Queue(0, 0);

        /** Returns the larger of both, number by number. */
        public Queue worse(Queue other) {
            return new Queue(Math.max(waiting, other.waiting), Math.max(oldestWaitMillis, other.oldestWaitMillis));
        }
    }
}
