package org.vivarium.api.view.metrics;

/**
 * How often calls failed in one way.
 *
 * @param category as in {@link org.vivarium.api.ErrorCategory#code()}
 * @param type as in {@link org.vivarium.api.ErrorDetails#type()}; {@code _other} for all beyond the first 50
 * @param error whether it counts for the error rate: a call that was cancelled does not
 * @param count in the window
 */
public record ErrorCount(String category, String type, boolean error, long count, double perSecond) {}
