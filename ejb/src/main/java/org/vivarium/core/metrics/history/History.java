package org.vivarium.core.metrics.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.vivarium.api.view.metrics.RangePoint;
import org.vivarium.core.metrics.windows.TimeSlice;

/**
 * What a pool did: in steps of 5 s, of a minute, and of 15 minutes, each for a time of its own, with histograms, so
 * that percentiles over any time are true. Takes at most so many bytes: beyond, the oldest of the finest detail goes
 * first, and is counted. Thread safe.
 */
public final class History {
    static final int MOST_POINTS = 2_000;

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final List<Tier> tiers = List.of(new Tier(1), new Tier(12), new Tier(180));
    private final Completed completed;
    private long mostBytes;
    private long bytes;
    private long dropped;

    /** Goes back as far as there is room, until {@link #keep} says less. */
    public History(long mostBytes) {
        this(mostBytes, (seconds, point) -> {});
    }

    /** Likewise, and tells of points of a minute and of a quarter of an hour once they are complete. */
    public History(long mostBytes, Completed completed) {
        this.mostBytes = mostBytes;
        this.completed = completed;
    }

    /** Hears of points that are complete, under a lock; must not block. */
    @FunctionalInterface
    public interface Completed {
        /** Takes a point, and the length of its kind in seconds. */
        void accept(int seconds, HistoryPoint point);
    }

    /** Goes back no further from now on, in steps of 5 s, of a minute, and of 15 minutes. */
    public synchronized void keep(Duration fine, Duration medium, Duration coarse) {
        tiers.get(0).keep(fine);
        tiers.get(1).keep(medium);
        tiers.get(2).keep(coarse);
    }

    /** Takes at most {@code most} bytes from now on. */
    public synchronized void limit(long most) {
        mostBytes = most;
        shrink();
    }

    private void shrink() {
        for (Tier tier : tiers) {
            while (bytes > mostBytes && tier.drop()) {
                dropped++;
            }
        }
    }

    /** Adds a closed slot, the oldest first. */
    public synchronized void add(HistoryPoint point) {
        List<HistoryPoint> next = List.of(point);
        for (Tier tier : tiers) {
            next = next.stream().flatMap(part -> tier.add(part).stream()).toList();
        }
        shrink();
    }

    /** Completes the points that are forming, however short they are: nothing will be added any more. */
    public synchronized void end() {
        List<HistoryPoint> next = List.of();
        for (Tier tier : tiers) {
            List<HistoryPoint> completed = new ArrayList<>();
            next.forEach(part -> completed.addAll(tier.add(part)));
            completed.addAll(tier.end());
            next = completed;
        }
    }

    /** Returns how many points went before their time. */
    public synchronized long dropped() {
        return dropped;
    }

    /** Returns about how much memory it takes. */
    public synchronized long bytes() {
        return bytes;
    }

    /**
     * Returns the points of the steps that begin at {@code from} and every {@code step} after it, before {@code to}.
     *
     * @throws IllegalArgumentException if these are none, or more than 2,000
     */
    public List<RangePoint> range(Instant from, Instant to, Duration step) {
        return range(from, to, step, before -> List.of());
    }

    /**
     * Likewise, with points from elsewhere.
     *
     * @param older returns the points that begin from {@code from} on and before a time, oldest first: before that,
     *     nothing is known here
     */
    public List<RangePoint> range(
            Instant from, Instant to, Duration step, Function<Instant, List<HistoryPoint>> older) {
        check(from, to, step);
        TreeMap<Long, List<HistoryPoint>> steps = new TreeMap<>();
        List<HistoryPoint> points = finest();
        Instant known = points.isEmpty() ? to : points.get(0).start();
        if (from.isBefore(known)) {
            points.addAll(
                    0,
                    older.apply(known.isBefore(to) ? known : to).stream()
                            .filter(point -> !point.end().isAfter(known))
                            .toList());
        }
        for (HistoryPoint point : points) {
            if (!point.start().isBefore(from) && point.start().isBefore(to)) {
                long index = Duration.between(from, point.start()).toMillis() / step.toMillis();
                steps.computeIfAbsent(index, key -> new ArrayList<>()).add(point);
            }
        }
        return steps.entrySet().stream()
                .map(entry -> HistoryPoint.union(entry.getValue()).view(from.plus(step.multipliedBy(entry.getKey()))))
                .toList();
    }

    private static void check(Instant from, Instant to, Duration step) {
        if (step.compareTo(Duration.ofSeconds(5)) < 0) {
            throw new IllegalArgumentException("step must be at least 5s, was " + step.toMillis() + " ms");
        }
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("from must be before to, was " + from + " and " + to);
        }
        long points = Duration.between(from, to).dividedBy(step);
        if (points > MOST_POINTS) {
            throw new IllegalArgumentException("a range has at most %d steps, this would have %d; take a longer step"
                    .formatted(MOST_POINTS, points));
        }
    }

    /** Returns the finest detail that is left of each time, oldest first, nothing twice. */
    private synchronized List<HistoryPoint> finest() {
        List<HistoryPoint> points = new ArrayList<>();
        long before = Long.MAX_VALUE; // what begins there or later is known in finer detail
        for (int i = 0; i < tiers.size(); i++) {
            Tier tier = tiers.get(i);
            long begin = i == tiers.size() - 1 ? 0 : tiers.get(i + 1).covers(tier.oldest());
            long end = before;
            points.addAll(
                    0,
                    tier.points.stream()
                            .filter(point -> point.slot() >= begin && point.slot() < end)
                            .toList());
            before = Math.min(before, begin);
        }
        return points;
    }

    /** Points of one length. */
    private final class Tier {
        private final int slots;
        private long most = Long.MAX_VALUE;
        private final Deque<HistoryPoint> points = new ArrayDeque<>(); // oldest first
        private final List<HistoryPoint> forming = new ArrayList<>(); // of the tier below, for the next point here

        Tier(int slots) {
            this.slots = slots;
        }

        void keep(Duration time) {
            most = time.toNanos() / (slots * TimeSlice.NANOS);
            forget();
        }

        private void forget() {
            while (points.size() > most) {
                bytes -= points.removeFirst().bytes();
            }
        }

        /** Takes a point of the tier below, and returns the point that it completes here. */
        List<HistoryPoint> add(HistoryPoint part) {
            List<HistoryPoint> completed = new ArrayList<>(1);
            if (!forming.isEmpty() && place(part) != place(forming.get(0))) {
                completed.add(complete()); // some slots are missing: nobody looked for a while
            }
            forming.add(part);
            if ((part.slot() + part.slots()) % slots == 0) {
                completed.add(complete());
            }
            return completed;
        }

        private long place(HistoryPoint part) {
            return part.slot() / slots;
        }

        private HistoryPoint complete() {
            HistoryPoint whole = HistoryPoint.union(forming);
            forming.clear();
            points.addLast(whole);
            bytes += whole.bytes();
            forget();
            if (slots > 1) {
                completed.accept(Math.toIntExact(slots * TimeSlice.NANOS / NANOS_PER_SECOND), whole);
            }
            return whole;
        }

        /** Returns the point that was forming, if there was one. */
        List<HistoryPoint> end() {
            return forming.isEmpty() ? List.of() : List.of(complete());
        }

        /** Drops the oldest point; returns whether there was one. */
        boolean drop() {
            HistoryPoint oldest = points.pollFirst();
            bytes -= oldest == null ? 0 : oldest.bytes();
            return oldest != null;
        }

        /**
         * Returns from where on a finer tier whose oldest point is {@code slot} is needed: from 0 if this is younger.
         */
        long covers(long slot) {
            return oldest() > slot ? 0 : (slot + slots - 1) / slots * slots;
        }

        /** Returns where the oldest point begins; beyond everything if there is none. */
        long oldest() {
            HistoryPoint first = points.peekFirst();
            return first == null ? Long.MAX_VALUE - slots * 1_000L : first.slot();
        }
    }
}
