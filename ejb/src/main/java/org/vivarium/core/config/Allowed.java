package org.vivarium.core.config;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The values that a parameter may have, and the one it has if nobody says otherwise: whole numbers in {@code unit},
 * both ends included; one of {@code choices}, held as its number in that list; false and true, held as 0 and 1; or a
 * text that {@code text} allows.
 */
public record Allowed(
        ParameterUnit unit,
        long minimum,
        long maximum,
        long standard,
        List<String> choices,
        @Nullable TextRule text) {
    public Allowed {
        if (minimum > standard || standard > maximum) {
            throw new IllegalArgumentException(standard + " is not from " + minimum + " to " + maximum);
        }
        choices = List.copyOf(choices);
    }

    /** Whole numbers. */
    public Allowed(ParameterUnit unit, long minimum, long maximum, long standard) {
        this(unit, minimum, maximum, standard, List.of(), null);
    }

    /** One of some names, of which {@code standard} is the default. */
    static Allowed choice(String standard, List<String> names) {
        return new Allowed(ParameterUnit.CHOICE, 0, names.size() - 1L, names.indexOf(standard), names, null);
    }

    /** False or true, and {@code standard} by default. */
    static Allowed either(boolean standard) {
        return new Allowed(ParameterUnit.SWITCH, 0, 1, standard ? 1 : 0);
    }

    /** A text. */
    static Allowed text(TextRule rule) {
        return new Allowed(ParameterUnit.TEXT, 0, 0, 0, List.of(), rule);
    }

    /** Returns whether it is a text, which is none of some choices. */
    public boolean isText() {
        return text != null;
    }

    /** Returns whether it is false or true. */
    public boolean isSwitch() {
        return unit == ParameterUnit.SWITCH;
    }

    /** Returns whether it is a number, for which minimum and maximum mean something. */
    public boolean isNumber() {
        return !isSwitch() && !isChoice() && !isText();
    }

    /** Returns whether it is one of some names. */
    public boolean isChoice() {
        return !choices.isEmpty();
    }

    /** Returns the default as operators read and write it: a boolean, a name, a text or a number. */
    public Object shownStandard() {
        return text == null ? shown(standard) : text.standard();
    }

    /** Returns {@code value} as operators read and write it: a boolean, a name or a number; not for a text. */
    public Object shown(long value) {
        if (isSwitch()) {
            return value != 0;
        }
        return isChoice() ? choices.get(Math.toIntExact(value)) : (Object) value;
    }

    /** Returns the range as a part of a sentence, with the unit: {@code 1 to 256 workers}, or what else it may be. */
    public String range() {
        if (text != null) {
            return text.words();
        }
        if (isNumber()) {
            return String.format(Locale.ROOT, "%,d to %,d %s", minimum, maximum, unit.symbol());
        }
        return isSwitch() ? "true or false" : alternatives();
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
        return isNumber() ? "a whole number from " + minimum + " to " + maximum + ' ' + unit.symbol() : range();
    }
}
