package org.vivarium.core.history;

import java.time.Instant;
import java.util.List;

/**
 * A place for history, opened. All methods may block for some seconds and fail; a store that has failed is closed and
 * opened anew by whoever holds it. Thread safe: one thread writes, others read.
 */
public interface HistoryStore extends AutoCloseable {

    /** Writes all of {@code batch} or nothing. */
    void write(HistoryBatch batch) throws HistoryException;

    /** Returns the points of a pool that are of one length and begin from {@code from} on and before {@code to}. */
    List<KeptPoint> points(String pool, int seconds, Instant from, Instant to) throws HistoryException;

    /**
     * Returns the newest events.
     *
     * @param pool empty for those of all pools
     * @param limit most events to return
     */
    List<KeptEvent> events(String pool, Instant from, Instant to, int limit) throws HistoryException;

    /** Deletes what is older than {@code kept} allows, and returns how many rows that were. */
    long prune(Retention kept, Instant now) throws HistoryException;

    /** Ends all connections; other methods that are blocked fail soon. */
    @Override
    void close();

    /** Opens a store, and brings its tables to the form that this version needs. */
    @FunctionalInterface
    interface Opener {
        /** Returns the store; may block for some seconds. */
        HistoryStore open() throws HistoryException;
    }
}
