package org.vivarium.core.metrics.history;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What of the history of pools outlives the process. Thread safe. */
public interface KeptHistory {
    /** Keeps nothing. */
    KeptHistory NOTHING = new KeptHistory() {
        @Override
        public void keep(String pool, int seconds, HistoryPoint point) {
            // nothing is kept
        }

        @Override
        public List<HistoryPoint> points(String pool, Instant from, Instant to, Duration step) {
            return List.of();
        }
    };

    /**
     * Takes a point that is complete; never blocks.
     *
     * @param seconds the length of its kind: 60, or 900
     */
    void keep(String pool, int seconds, HistoryPoint point);

    /**
     * Returns the points that begin from {@code from} on and before {@code to}, oldest first and no time twice, as fine
     * as {@code step} needs if that is left, else coarser; what cannot be read now is missing.
     */
    List<HistoryPoint> points(String pool, Instant from, Instant to, Duration step);
}
