package org.vivarium.api;

/** How much of a service objective is used up, from the least bad on. */
public enum ObjectiveLevel {
    /** No calls to judge by. */
    NO_DATA,
    /** Less than 75 % of what the target allows. */
    OK,
    /** 75 % and more. */
    WARNING,
    /** All of it, or more. */
    CRITICAL;

    /** From this part of a target on, it is a warning. */
    public static final double WARNING_FROM = 0.75;

    /** Returns the level at which the part {@code used} of a target is used up; NaN is no data. */
    public static ObjectiveLevel of(double used) {
        if (Double.isNaN(used)) {
            return NO_DATA;
        } else if (used >= 1) {
            return CRITICAL;
        }
        return used >= WARNING_FROM ? WARNING : OK;
    }

    /** Returns the worse of both. */
    public ObjectiveLevel or(ObjectiveLevel other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** Returns it as a number that can be plotted: -1 for no data, then 0, 1, 2. */
    public int number() {
        return switch (this) {
            case NO_DATA -> -1;
            case OK -> 0;
            case WARNING -> 1;
            case CRITICAL -> 2;
        };
    }
}
