package org.vivarium.api.view.metrics;

import java.time.Instant;
import java.util.List;

/**
 * How a pool did over time.
 *
 * @param droppedPoints how many points of history were dropped before their time because memory was short
 * @param points oldest first; steps of which nothing is known are missing
 */
public record RangeView(
        String pool, Instant from, Instant to, double stepSeconds, long droppedPoints, List<RangePoint> points) {}
