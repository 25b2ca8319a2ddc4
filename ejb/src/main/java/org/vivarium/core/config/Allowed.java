package org.vivarium.core.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values that a parameter may have, and the one it has if nobody says otherwise: whole numbers in {@code unit},
 * both ends included; or one of {@code choices}, held as its number in that list.
 */
public record Allowed(ParameterUnit unit, long minimum, long maximum, long standard, List<String> choices) {
    public Allowed {
        if (minimum > standard || standard > maximum) {
            throw new IllegalArgumentException(standard + " is not from " + minimum + " to " + maximum);
        }
        choices = List.copyOf(choices);
    }

    /** Whole numbers. */
    public Allowed(ParameterUnit unit, long minimum, long maximum, long standard) {
        this(unit, minimum, maximum, standard, List.of());
    }

    /** One of some names, of which {@code standard} is the default. */
    static Allowed choice(String standard, List<String> names) {
        return new Allowed(ParameterUnit.CHOICE, 0, names.size() - 1L, names.indexOf(standard), names);
    }

    /** Returns whether it is one of some names. */
    public boolean isChoice() {
        return !choices.isEmpty();
    }

    /** Returns {@code value} as operators read and write it: a name or a number. */
    public Object shown(long value) {
        return isChoice() ? choices.get(Math.toIntExact(value)) : (Object) value;
    }

    /** Returns the number of the name {@code text}; {@code null} if it is none of the choices. */
    @Nullable Long chosen(String text) {
        int found = choices.indexOf(text.strip());
        return found < 0 ? null : Long.valueOf(found);
    }

    boolean contains(long value) {
        return value >= minimum && value <= maximum;
    }

    /** Returns the choices as a part of a sentence: {@code a, b or c}. */
    public String alternatives() {
        int last = choices.size() - 1;
        return String.join(", ", choices.subList(0, last)) + " or " + choices.get(last);
    }

    @Override
    public String toString() {
        return isChoice() ? alternatives() : "a whole number from " + minimum + " to " + maximum + ' ' + unit.symbol();
    }
}
