package org.vivarium.core.time;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job that some timer runs again and again: it never throws, never overlaps itself, and knows how its last run went,
 * so that the monitors can be monitored.
 *
 * <p>Thread safe.
 */
public final class PeriodicJob {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicJob.class);

    private final String name;
    private final Runnable work;
    private final Ticker ticker;
    private final AtomicBoolean running = new AtomicBoolean();
    private final LongAdder runs = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder skips = new LongAdder();
    private volatile Duration lastDuration = Duration.ZERO;

    public PeriodicJob(String name, Runnable work, Ticker ticker) {
        this.name = requireNonNull(name, "name");
        this.work = requireNonNull(work, "work");
        this.ticker = requireNonNull(ticker, "ticker");
    }

    /** Runs the job now, unless the previous run is still going; returns whether it ran. */
    public boolean runOnce() {
        if (!running.compareAndSet(false, true)) {
            skips.increment();
            return false;
        }
        long start = ticker.nanos();
        try {
            work.run();
        } catch (RuntimeException e) {
            failures.increment();
            LOG.error("periodic job {} failed; it will run again", name, e);
        } finally {
            lastDuration = Duration.ofNanos(ticker.nanos() - start);
            runs.increment();
            running.set(false);
        }
        return true;
    }

    /** Returns how many runs have ended. */
    public long runs() {
        return runs.sum();
    }

    /** Returns how long the last finished run took; zero before the first. */
    public Duration lastDuration() {
        return lastDuration;
    }

    /** Returns how many runs ended with an exception. */
    public long failures() {
        return failures.sum();
    }

    /** Returns how many runs were skipped because the one before was still going. */
    public long skips() {
        return skips.sum();
    }
}
