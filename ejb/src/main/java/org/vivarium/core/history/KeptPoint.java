package org.vivarium.core.history;

import org.vivarium.core.metrics.history.HistoryPoint;

/**
 * What a pool did in a minute or a quarter of an hour.
 *
 * @param seconds the length of its kind, 60 or 900; the point itself may be shorter, where the service began or ended
 */
public record KeptPoint(String pool, int seconds, HistoryPoint point) {
    /** The length of the finest kind. */
    public static final int MINUTE = 60;

    /** The length of the coarsest kind. */
    public static final int QUARTER = 900;
}
