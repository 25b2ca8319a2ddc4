package org.vivarium.core.time;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job that some timer runs again and again: it never throws and never overlaps itself.
 *
 * <p>Thread safe.
 */
public final class PeriodicJob {
    private static final Logger LOG = LoggerFactory.getLogger(PeriodicJob.class);

    private final String name;
    private final Runnable work;
    private final AtomicBoolean running = new AtomicBoolean();
    private volatile long changedNanos = System.nanoTime(); // when it last began or ended

    public PeriodicJob(String name, Runnable work) {
        this.name = requireNonNull(name, "name");
        this.work = requireNonNull(work, "work");
    }

    /** Runs the job now, unless the previous run is still going; returns whether it ran. */
    public boolean runOnce() {
        if (!running.compareAndSet(false, true)) {
            return false;
        }
        changedNanos = System.nanoTime();
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("periodic job {} failed; it will run again", name, e);
        } finally {
            changedNanos = System.nanoTime();
            running.set(false);
        }
        return true;
    }

    /** Returns its name. */
    public String name() {
        return name;
    }

    /** Returns whether it runs now. */
    public boolean isRunning() {
        return running.get();
    }

    /** Returns how long it has been running, or else has not run; from when it was made if it never has. */
    public Duration since() {
        return Duration.ofNanos(System.nanoTime() - changedNanos);
    }
}
