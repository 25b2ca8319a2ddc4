package org.vivarium.core.config;

/**
 * The whole numbers that a parameter may have, both ends included, in {@code unit}; and the one it has if nobody says
 * otherwise.
 */
public record Allowed(ParameterUnit unit, long minimum, long maximum, long standard) {
    public Allowed {
        if (minimum > standard || standard > maximum) {
            throw new IllegalArgumentException(standard + " is not from " + minimum + " to " + maximum);
        }
    }

    boolean contains(long value) {
        return value >= minimum && value <= maximum;
    }

    @Override
    public String toString() {
        return "a whole number from " + minimum + " to " + maximum + ' ' + unit.symbol();
    }
}
