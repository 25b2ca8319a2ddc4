package org.vivarium.core.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What an objective can demand; the one place where it is described. All but {@link #QUANTILE} are absent unless
 * somebody gives them.
 */
public enum ObjectiveTarget {
    /** Longest duration. */
    DURATION(
            "duration",
            "DurationMillis",
            "ms",
            new Bounds(1, 86_400_000, Double.NaN),
            "Longest time that a call may take at the quantile, waiting included."),
    /** Which part of the calls has to keep the duration. */
    QUANTILE(
            "quantile",
            "Quantile",
            "ratio",
            new Bounds(0.5, 0.999, 0.95),
            "Share of the calls that must be within the duration."),
    /** Which part has to succeed. */
    SUCCESS_RATIO(
            "success-ratio",
            "SuccessRatio",
            "ratio",
            new Bounds(0.01, 0.99999, Double.NaN),
            "Share of the calls that must succeed, whatever the cause of failures."),
    /** Which part may not fail by a fault of the service. */
    AVAILABILITY(
            "availability",
            "Availability",
            "ratio",
            new Bounds(0.01, 0.99999, Double.NaN),
            "Share of the calls that must not fail by a service fault.");

    private final String key;
    private final String attribute;
    private final String unit;

    @SuppressWarnings("ImmutableEnumChecker") // a record of numbers
    private final Bounds bounds;

    private final String description;

    ObjectiveTarget(String key, String attribute, String unit, Bounds bounds, String description) {
        this.key = key;
        this.attribute = attribute;
        this.unit = unit;
        this.bounds = bounds;
        this.description = description;
    }

    /** Returns the target that JMX calls {@code attribute}. */
    static ObjectiveTarget ofAttribute(String attribute) {
        return Arrays.stream(values())
                .filter(target -> target.attribute.equals(attribute))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("an objective has no target " + attribute
                        + Suggestion.among(
                                Arrays.stream(values())
                                        .map(ObjectiveTarget::attribute)
                                        .toList(),
                                attribute)));
    }

    static List<String> keys() {
        return Arrays.stream(values()).map(ObjectiveTarget::key).toList();
    }

    /** Returns its key in the configuration, such as {@code success-ratio}. */
    public String key() {
        return key;
    }

    /** Returns its name in JMX, with the unit, such as {@code DurationMillis}. */
    public String attribute() {
        return attribute;
    }

    /** Returns {@code ms} or {@code ratio}. */
    public String unit() {
        return unit;
    }

    /** Returns lowest and highest value, and the one that holds if nobody gives one. */
    public Bounds bounds() {
        return bounds;
    }

    /** Returns what it is, in one sentence. */
    public String description() {
        return description;
    }

    boolean allows(double value) {
        return value >= bounds.minimum && value <= bounds.maximum;
    }

    /** Returns what is allowed, as a part of a sentence. */
    String wanted() {
        return this == DURATION
                ? "a time from 1 ms to 86400000 ms"
                : String.format(Locale.ROOT, "a number from %s to %s", bounds.minimum, bounds.maximum);
    }

    /**
     * What a target may be.
     *
     * @param standard NaN if there is none
     */
    public record Bounds(double minimum, double maximum, double standard) {}
}
