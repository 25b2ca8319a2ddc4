package org.vivarium.core.metrics;

import static java.util.Objects.requireNonNull;
import static org.vivarium.core.config.ServiceParameter.METRIC_ERROR_TYPES;
import static org.vivarium.core.config.ServiceParameter.METRIC_KEYS;
import static org.vivarium.core.config.ServiceParameter.METRIC_PROGRAMS;
import static org.vivarium.core.config.ServiceParameter.METRIC_WORKERS;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.event.CallEnded;
import org.vivarium.api.event.CallOutcome;
import org.vivarium.api.event.EventType;
import org.vivarium.api.event.SpanEvent;
import org.vivarium.api.event.WorkerRecovered;
import org.vivarium.api.event.WorkerTransitioned;
import org.vivarium.api.view.CallView;
import org.vivarium.core.config.ServiceParameter;
import org.vivarium.core.config.ServiceSettings;
import org.vivarium.core.metrics.history.HistoryPoint;
import org.vivarium.core.metrics.history.HistoryPoint.Usage;
import org.vivarium.core.metrics.windows.Durations;
import org.vivarium.core.metrics.windows.ErrorKind;
import org.vivarium.core.metrics.windows.LifeSpan;
import org.vivarium.core.metrics.windows.Recording;
import org.vivarium.core.metrics.windows.Series;
import org.vivarium.core.metrics.windows.Series.SeriesReading;
import org.vivarium.core.metrics.windows.TimeRing;
import org.vivarium.core.metrics.windows.TimeSlice;
import org.vivarium.core.metrics.windows.TimeSliceRing;
import org.vivarium.core.metrics.windows.TimeSlices;
import org.vivarium.core.time.Ticker;

/**
 * Records the calls of one pool in slots of 5 s: per worker and per program. The pool as a whole is never recorded; it
 * is the union of its workers and of the calls that reached none.
 *
 * <p>Thread safe: the telemetry thread writes; whoever reads copies references and the open slot, and merges
 * afterwards.
 */
final class PoolRecorder {
    private static final double NANOS_PER_MILLI = 1e6;

    private final Ticker ticker;
    private final Supplier<ServiceSettings> settings;
    private final long origin;
    private final TimeSliceRing closed = new TimeSliceRing(TimeSlice.KEPT - 1);
    private final TimeRing busy = new TimeRing(TimeSlice.KEPT, TimeSlice.NANOS);
    private final TimeRing capacity = new TimeRing(TimeSlice.KEPT, TimeSlice.NANOS);
    private final TimeRing ready = new TimeRing(TimeSlice.KEPT, TimeSlice.NANOS);
    private final Map<LifeSpan, Recording> lives = new EnumMap<>(LifeSpan.class);
    private final Map<String, Series> workers = new HashMap<>();
    private final Map<String, Series> programs = new TreeMap<>();
    private final Map<ErrorKind, Long> failures = new HashMap<>(); // since the beginning
    private final Map<String, Long> keyTimeouts = new TreeMap<>(); // likewise
    private final Latencies.Recorder latencies = new Latencies.Recorder(); // likewise
    private final Series unserved = new Series(0);
    private boolean full;
    private long shed;
    private long slot;
    private long capacitySince;

    /** Takes what says how many programs, workers, keys and kinds of errors are recorded by themselves. */
    PoolRecorder(Ticker ticker, Supplier<ServiceSettings> settings) {
        this.ticker = ticker;
        this.settings = settings;
        this.origin = ticker.nanos();
        for (LifeSpan span : LifeSpan.values()) {
            lives.put(span, new Recording());
        }
    }

    synchronized void add(CallEnded call) {
        long now = advance();
        String worker = call.worker();
        ErrorKind failure = call.failure() == null ? null : known(kind(call));
        long executionNanos = worker == null ? -1 : call.executionNanos();
        Series ofWorker = worker == null ? unserved : series(workers, worker, METRIC_WORKERS);
        String program = label(programs, call.program(), METRIC_PROGRAMS);
        Series ofProgram = series(programs, program, METRIC_PROGRAMS);
        ofWorker.add(call.waitNanos(), executionNanos, call.totalNanos(), failure);
        ofProgram.add(call.waitNanos(), executionNanos, call.totalNanos(), failure);
        latencies.add(call, program);
        count(call, failure);
        if (worker != null) {
            ofWorker.busy(now - executionNanos, now);
            busy.add(now - executionNanos, now, 1);
        }
    }

    private void count(CallEnded call, @Nullable ErrorKind failure) {
        if (failure != null) {
            failures.merge(failure, 1L, Long::sum);
        }
        String key = call.key();
        if (key != null && call.outcome() == CallOutcome.TIMED_OUT) {
            boolean room = keyTimeouts.size() < most(METRIC_KEYS) || keyTimeouts.containsKey(key);
            keyTimeouts.merge(room ? key : Metrics.OTHER, 1L, Long::sum);
        }
    }

    private static ErrorKind kind(CallEnded call) {
        String type = call.errorType();
        return new ErrorKind(requireNonNull(call.failure()), type == null ? Metrics.OTHER : type);
    }

    private ErrorKind known(ErrorKind kind) {
        boolean room = failures.size() < most(METRIC_ERROR_TYPES) || !kind.isError();
        return room || failures.containsKey(kind) ? kind : new ErrorKind(kind.category(), Metrics.OTHER);
    }

    private Series series(Map<String, Series> among, String name, ServiceParameter most) {
        return among.computeIfAbsent(label(among, name, most), key -> new Series(slot));
    }

    private String label(Map<String, Series> among, String name, ServiceParameter most) {
        return among.containsKey(name) || (among.size() < most(most) && !full) ? name : Metrics.OTHER;
    }

    private int most(ServiceParameter parameter) {
        return settings.get().integer(parameter);
    }

    synchronized void add(WorkerTransitioned moved) {
        LifeSpan span = LifeSpan.endedBy(moved);
        if (span != null) {
            add(span, moved.nanosInFrom());
        }
    }

    synchronized void add(WorkerRecovered recovered) {
        add(LifeSpan.RECOVERY, recovered.nanos());
    }

    synchronized void add(SpanEvent span) {
        if (span.type() == EventType.WORKER_HEALTH_CHECK_STOP
                || span.type() == EventType.WORKER_HEALTH_CHECK_EXCEPTION) {
            add(LifeSpan.HEALTH_CHECK, span.nanos());
        }
    }

    private void add(LifeSpan span, long nanos) {
        advance();
        requireNonNull(lives.get(span)).add(nanos);
        latencies.add(span, nanos);
    }

    /**
     * Notes what has served since this was last called.
     *
     * @param readyWorkers how many workers were ready
     * @param slots how many slots for calls each worker has had, by its name
     */
    synchronized void serving(int readyWorkers, Map<String, Integer> slots) {
        long now = advance();
        ready.add(capacitySince, now, readyWorkers);
        slots.forEach((worker, count) -> {
            capacity.add(capacitySince, now, count);
            series(workers, worker, METRIC_WORKERS).serving(capacitySince, now, count);
        });
        capacitySince = now;
    }

    /** Closes the slots that are over, and returns the time since the beginning. */
    private long advance() {
        long now = ticker.nanos() - origin;
        long current = now / TimeSlice.NANOS;
        if (current - slot
                > TimeSlice.KEPT) { // nobody looked for so long that all is forgotten: do not close them one by one
            slot = current - TimeSlice.KEPT - 1;
        }
        while (slot < current) {
            slot++;
            close();
        }
        return now;
    }

    private void close() {
        List<TimeSlice> parts = new ArrayList<>();
        parts.add(ofLives());
        parts.add(unserved.close(slot));
        workers.values().forEach(worker -> parts.add(worker.close(slot)));
        programs.values().forEach(program -> program.close(slot));
        workers.values().removeIf(Series::isSilent);
        closed.push(TimeSlice.union(parts));
        lives.values().forEach(Recording::clear);
        busy.advance(slot);
        capacity.advance(slot);
        ready.advance(slot);
    }

    private TimeSlice ofLives() {
        Map<LifeSpan, Durations> ended = new EnumMap<>(LifeSpan.class);
        lives.forEach((span, recording) -> {
            Durations durations = recording.look();
            if (durations.count() > 0) {
                ended.put(span, durations);
            }
        });
        return new TimeSlice(0, Map.of(), Durations.NONE, Durations.NONE, Durations.NONE, ended);
    }

    /** Returns all that is known, as of now. */
    synchronized Reading read() {
        long now = advance();
        Map<String, SeriesReading> ofWorkers = read(workers);
        List<TimeSlice> open = new ArrayList<>();
        open.add(ofLives());
        open.add(unserved.read().slots().open());
        ofWorkers.values().forEach(worker -> open.add(worker.slots().open()));
        return new Reading(
                new Moment(slot, now),
                closed.after(TimeSlice.union(open)),
                busy.look(),
                new Capacity(capacity.look(), ready.look()),
                ofWorkers,
                read(programs),
                new Totals(failures, keyTimeouts, latencies.read()));
    }

    /**
     * Makes room: takes at most {@code most} bytes, as far as that is possible. The oldest slices of programs and
     * workers go first, one of each at a time, but never those of the last minute; if that is not enough, programs and
     * workers that are new are counted with {@link Metrics#OTHER}. The slices of the pool as a whole stay.
     */
    synchronized void shrinkTo(long most) {
        boolean some = true;
        for (long bytes = bytes(); bytes > most && some; bytes = bytes()) {
            some = false;
            for (Map<String, Series> each : List.of(workers, programs)) {
                for (Series series : each.values()) {
                    boolean one = series.shed();
                    shed += one ? 1 : 0;
                    some |= one;
                }
            }
        }
        full = bytes() > most;
    }

    /** Returns how many slices of programs and workers went before their time. */
    synchronized long shed() {
        return shed;
    }

    /** Returns about how much memory it takes. */
    synchronized long bytes() {
        return closed.bytes()
                + busy.bytes()
                + capacity.bytes()
                + ready.bytes()
                + lives.values().stream().mapToLong(Recording::bytes).sum()
                + unserved.bytes()
                + bytes(workers)
                + bytes(programs);
    }

    private static long bytes(Map<String, Series> all) {
        return all.values().stream().mapToLong(Series::bytes).sum();
    }

    private static Map<String, SeriesReading> read(Map<String, Series> from) {
        Map<String, SeriesReading> readings = new TreeMap<>();
        from.forEach((name, series) -> readings.put(name, series.read()));
        return readings;
    }

    /**
     * What served in each slice, newest first.
     *
     * @param slotNanos time of all slots for calls
     * @param readyNanos time of all ready workers
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never given away
    record Capacity(long[] slotNanos, long[] readyNanos) {}

    /**
     * What was counted since the beginning.
     *
     * @param failures of calls, by kind
     * @param keyTimeouts how often a deadline has passed, by the key of the call
     * @param latencies how long all took
     */
    record Totals(Map<ErrorKind, Long> failures, Map<String, Long> keyTimeouts, Latencies latencies) {
        Totals {
            failures = Map.copyOf(failures);
            keyTimeouts = Map.copyOf(keyTimeouts);
        }
    }

    /**
     * When it was read.
     *
     * @param slot the open one; the first is 0
     * @param nanos since the first began
     */
    record Moment(long slot, long nanos) {
        /** Returns how much time the last {@code slots} slots have covered, the open one included. */
        long covered(int slots) {
            return nanos - Math.max(0, slot - slots + 1) * TimeSlice.NANOS;
        }
    }

    /**
     * What was read.
     *
     * @param busyNanos how long calls that ended went on in each slot, newest first
     * @param capacity likewise, how long there was somebody to serve them
     * @param totals since the beginning
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared, never given away
    record Reading(
            Moment at,
            TimeSlices slots,
            long[] busyNanos,
            Capacity capacity,
            Map<String, SeriesReading> workers,
            Map<String, SeriesReading> programs,
            Totals totals) {
        /**
         * Returns what the history keeps of a closed slot.
         *
         * @param time when this was read
         * @param running the calls that workers had then; as far as they ran in the slot they were busy in it
         */
        HistoryPoint point(long slot, Instant time, List<CallView> running, HistoryPoint.Queue queue) {
            int age = (int) (at.slot - slot);
            long begin = slot * TimeSlice.NANOS;
            double busy = busyNanos[age];
            for (CallView call : running) {
                double since = Math.max((double) begin, at.nanos - call.runningMillis() * NANOS_PER_MILLI);
                busy += Math.max(0, begin + TimeSlice.NANOS - since);
            }
            Instant start = time.minusNanos(at.nanos - begin);
            Usage usage = new Usage((long) busy, capacity.slotNanos[age], capacity.readyNanos[age]);
            return new HistoryPoint(slot, 1, start, slots.at(age), usage, queue);
        }
    }
}
