package org.vivarium.core.history;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.view.StoredHistoryView;
import org.vivarium.core.metrics.history.HistoryPoint;
import org.vivarium.core.metrics.history.KeptHistory;

/**
 * Writes history by a thread of its own, and reads it.
 *
 * <p>Whoever has something to keep puts it into a bounded queue and goes on; what finds no room is counted and lost. A
 * store that fails is opened again after a pause that grows, and what was to be written waits meanwhile: so a database
 * that is slow, full or gone costs history and nothing else. Thread safe.
 */
public final class HistoryWriter implements KeptHistory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HistoryWriter.class);

    private static final int MOST_WAITING = 20_000;
    private static final int LARGEST_BATCH = 500;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration PRUNE_EVERY = Duration.ofHours(1);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

    /** Wakes the thread; an interrupt would break H2's files. */
    private static final Object END = new Object();

    private final HistoryStore.Opener opener;
    private final Supplier<Retention> retention;
    private final InstantSource clock;
    private final BlockingQueue<Object> queue = new ArrayBlockingQueue<>(MOST_WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final Thread thread;
    private Instant pruned = Instant.EPOCH; // of the thread
    private volatile @Nullable HistoryStore store;
    private volatile String problem = "it is not open yet";
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile int inHand;
    private final CountDownLatch closing = new CountDownLatch(1);

    /** Starts the thread, which opens the store. */
    public HistoryWriter(
            HistoryStore.Opener opener, Supplier<Retention> retention, InstantSource clock, ThreadFactory threads) {
        this.opener = requireNonNull(opener, "opener");
        this.retention = requireNonNull(retention, "retention");
        this.clock = requireNonNull(clock, "clock");
        this.thread = threads.newThread(this::run);
        thread.setName("vivarium-history");
        thread.start();
    }

    @Override
    public void keep(String pool, int seconds, HistoryPoint point) {
        put(new KeptPoint(pool, seconds, point));
    }

    /** Takes an event; never blocks. */
    public void keep(KeptEvent event) {
        put(event);
    }

    private void put(Object row) {
        if (isClosing() || !queue.offer(row)) {
            dropped.incrementAndGet();
        }
    }

    /** Returns how {@code writer} is doing, or that there is none. */
    public static StoredHistoryView statusOf(@Nullable HistoryWriter writer) {
        return writer == null ? StoredHistoryView.NONE : writer.status();
    }

    /** Returns how it is doing. */
    public StoredHistoryView status() {
        return new StoredHistoryView(problem, queue.size() + inHand, written.get(), dropped.get(), failures.get());
    }

    @Override
    public List<HistoryPoint> points(String pool, Instant from, Instant to, Duration step) {
        HistoryStore open = store;
        if (open == null) {
            return List.of();
        }
        try {
            List<HistoryPoint> quarters = points(open, pool, KeptPoint.QUARTER, from, to);
            return step.toSeconds() >= KeptPoint.QUARTER
                    ? quarters
                    : merged(points(open, pool, KeptPoint.MINUTE, from, to), quarters);
        } catch (HistoryException e) {
            LOG.warn("history is missing in an answer: {}", e.getMessage());
            return List.of();
        }
    }

    private static List<HistoryPoint> points(HistoryStore open, String pool, int seconds, Instant from, Instant to)
            throws HistoryException {
        return open.points(pool, seconds, from, to).stream()
                .map(KeptPoint::point)
                .toList();
    }

    /** Returns the minutes, and before the first of them the quarters that end by then. */
    private static List<HistoryPoint> merged(List<HistoryPoint> minutes, List<HistoryPoint> quarters) {
        if (minutes.isEmpty()) {
            return quarters;
        }
        Instant first = minutes.get(0).start();
        List<HistoryPoint> all = new ArrayList<>(
                quarters.stream().filter(each -> !each.end().isAfter(first)).toList());
        all.addAll(minutes);
        return all;
    }

    /**
     * Returns the newest events.
     *
     * @param pool empty for those of all pools
     * @throws HistoryException if they cannot be read
     */
    public List<KeptEvent> events(String pool, Instant from, Instant to, int limit) throws HistoryException {
        HistoryStore open = store;
        if (open == null) {
            throw new HistoryException("the history store cannot be read: " + problem, new IllegalStateException());
        }
        return open.events(pool, from, to, limit);
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void run() {
        try {
            List<Object> rows = new ArrayList<>(); // until they are written
            Duration pause = FIRST_PAUSE;
            boolean goesOn = true;
            while (goesOn) {
                try {
                    goesOn = step(rows);
                    pause = FIRST_PAUSE;
                } catch (HistoryException e) {
                    failed(e, rows.size());
                    goesOn = !closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
                    pause = pause.compareTo(LONGEST_PAUSE.dividedBy(2)) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
                }
            }
        } catch (InterruptedException e) {
            LOG.warn("history ends: its thread was interrupted");
        }
    }

    /** Writes what there is; returns whether there will be more. */
    private boolean step(List<Object> rows) throws HistoryException, InterruptedException {
        HistoryStore open = opened();
        take(rows);
        if (!rows.isEmpty()) {
            open.write(batch(rows));
            written.addAndGet(rows.size());
            rows.clear();
            inHand = 0;
        }
        Instant now = clock.instant();
        if (Duration.between(pruned, now).abs().compareTo(PRUNE_EVERY) > 0) {
            pruned = now;
            long gone = open.prune(retention.get(), now);
            LOG.debug("{} rows of history were too old", gone);
        }
        recovered();
        return !isClosing() || !queue.isEmpty();
    }

    private HistoryStore opened() throws HistoryException {
        HistoryStore open = store;
        if (open == null) {
            open = opener.open();
            store = open;
        }
        return open;
    }

    private void take(List<Object> rows) throws InterruptedException {
        if (rows.isEmpty()) {
            Object first = isClosing() ? queue.poll() : queue.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            if (first == null) {
                return;
            }
            rows.add(first);
        }
        queue.drainTo(rows, LARGEST_BATCH - rows.size());
        rows.remove(END);
        inHand = rows.size();
    }

    private static HistoryBatch batch(List<Object> rows) {
        List<KeptPoint> points = new ArrayList<>();
        List<KeptEvent> events = new ArrayList<>();
        for (Object row : rows) {
            if (row instanceof KeptPoint point) {
                points.add(point);
            } else {
                events.add((KeptEvent) row);
            }
        }
        return new HistoryBatch(points, events);
    }

    private void recovered() {
        if (!problem.isEmpty()) {
            LOG.info("history is written");
            problem = "";
        }
    }

    private void failed(HistoryException e, int rows) {
        failures.incrementAndGet();
        String now = String.valueOf(e.getMessage());
        if (!now.equals(problem)) {
            LOG.error("history is not written, {} rows wait: {}", rows + queue.size(), now, e);
        }
        problem = now;
        HistoryStore failed = store;
        store = null;
        if (failed != null) {
            failed.close();
        }
    }

    /** Writes what waits, if that takes no more than about two seconds, and closes the store. */
    @Override
    public void close() {
        closing.countDown();
        if (!queue.offer(END)) {
            LOG.debug("the queue is full, so the thread is awake");
        }
        boolean interrupted = false;
        try {
            thread.join(CLOSE_WITHIN.toMillis());
        } catch (InterruptedException e) {
            interrupted = true;
        }
        HistoryStore open = store;
        store = null;
        if (open != null) {
            open.close(); // ends what is blocked, too
        }
        queue.remove(END);
        int lost = queue.size() + inHand;
        if (lost > 0) {
            dropped.addAndGet(lost);
            LOG.warn("{} rows of history are lost: they could not be written before the service ended", lost);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
