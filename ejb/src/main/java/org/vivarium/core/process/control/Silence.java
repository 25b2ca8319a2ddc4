package org.vivarium.core.process.control;

import java.time.Duration;

/**
 * How long a worker has not been heard, as the reader of its channel saw it: only time in which the reader was at work
 * counts. A server that stood still, by a signal or a pause of its collector, adds {@link #MOST} at the most, and hears
 * what came meanwhile before it adds more. Written by the reader's thread, read by any.
 */
public final class Silence {
    /** Most that one pass of the reader adds. */
    static final Duration MOST = Duration.ofSeconds(2);

    private long lastNanos;
    private boolean heard = true;
    private volatile long silentNanos;

    /** Begins at {@code nowNanos}, with a worker that was just heard. */
    public Silence(long nowNanos) {
        this.lastNanos = nowNanos;
    }

    /** Notes a sign of life. */
    public void heard() {
        heard = true;
        silentNanos = 0;
    }

    /** Notes that all that had arrived at {@code nowNanos} was read. */
    public void read(long nowNanos) {
        long passed = Math.min(nowNanos - lastNanos, MOST.toNanos());
        lastNanos = nowNanos;
        if (!heard) {
            long before = silentNanos; // nobody else writes it
            silentNanos = before + passed;
        }
        heard = false;
    }

    /** Returns how long it lasts. */
    public Duration length() {
        return Duration.ofNanos(silentNanos);
    }
}
