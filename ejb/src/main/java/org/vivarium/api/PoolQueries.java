package org.vivarium.api;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What a pool measures, for any application on the same server: the same numbers under the same names as in REST, at
 * most a second old.
 *
 * <p>Answers are maps, lists, text, booleans and {@link java.math.BigDecimal} as JSON-B makes them of JSON; no data is
 * {@code null}. Times have their unit in the name. Windows are {@code 1m}, {@code 5m} or {@code 15m}. What is asked
 * wrongly is an {@link InvalidCallException} of type {@code InvalidOption}, or {@code UnknownWorker}; a service that
 * cannot be asked a {@link PoolSystemException} or {@link PoolResourceException}. Thread safe.
 */
public interface PoolQueries {

    /** Returns the current metrics, those that have a window of {@code window}, with programs. */
    Map<String, Object> metrics(String window);

    /**
     * Returns the history in steps: for the last hour of 5 s or more, for a day of a minute or more, for 30 days of 15
     * minutes or more; at most 2,000 steps.
     */
    Map<String, Object> range(Instant from, Instant to, Duration step);

    /** Returns the metrics of one worker, alive or among the last that ended. */
    Map<String, Object> worker(String worker, String window);

    /** Returns how often calls failed, by category and type. */
    Map<String, Object> errors(String window);

    /** Returns the metrics of all windows, with programs, workers and objectives. */
    Map<String, Object> summary();
}
