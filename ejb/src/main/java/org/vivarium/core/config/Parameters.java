package org.vivarium.core.config;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.math.BigDecimal;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** All parameters of one kind, found by the names that operators give them. Immutable. */
public final class Parameters<P extends Parameter> implements Iterable<P> {
    private final String kind;
    private final List<P> all;
    private final Map<String, P> byAttribute;

    /** Takes what one of them is called, such as {@code parameter}, and all of them by their ordinals. */
    Parameters(String kind, List<P> all) {
        this.kind = kind;
        this.all = List.copyOf(all);
        this.byAttribute = all.stream().collect(toUnmodifiableMap(Parameter::attribute, Function.identity()));
    }

    /** Returns all of them, in the order of the documentation. */
    public List<P> list() {
        return all;
    }

    @Override
    public Iterator<P> iterator() {
        return all.iterator();
    }

    /** Returns their configuration paths, in that order. */
    public List<String> paths() {
        return all.stream().map(Parameter::path).toList();
    }

    /** Returns the parameter that operators call {@code attribute}; {@code null} if there is none. */
    public @Nullable P find(String attribute) {
        return byAttribute.get(attribute);
    }

    /**
     * Returns the parameter that operators call {@code attribute}.
     *
     * @throws IllegalArgumentException if there is none; the message suggests the most similar one
     */
    public P ofAttribute(String attribute) {
        P parameter = find(attribute);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "there is no " + kind + ' ' + attribute + Suggestion.among(byAttribute.keySet(), attribute));
        }
        return parameter;
    }

    /**
     * Returns values as {@link Settings} takes them: texts of parameters that are texts, else numbers.
     *
     * @param given attribute → a whole number of the parameter's unit, a boolean, or a text
     * @throws IllegalArgumentException if an attribute is not known or a value is not of its kind; one sentence says
     *     which, what is allowed and what came
     */
    Map<P, Object> values(Map<String, ?> given) {
        Map<P, Object> values = new LinkedHashMap<>();
        given.forEach((attribute, value) -> {
            P parameter = ofAttribute(attribute);
            values.put(parameter, value(parameter, value));
        });
        return values;
    }

    private static Object value(Parameter parameter, @Nullable Object value) {
        Allowed allowed = parameter.allowed();
        if (allowed.isSwitch()) {
            return switched(parameter, value);
        }
        if (allowed.isChoice() || allowed.isText()) {
            return text(parameter, value);
        }
        if (!(value instanceof Number number)) {
            throw refused(parameter, value, null);
        }
        try {
            return new BigDecimal(number.toString()).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) { // a fraction, NaN, infinity, or far too large
            throw refused(parameter, value, e);
        }
    }

    private static Object switched(Parameter parameter, @Nullable Object value) {
        if (!(value instanceof Boolean on)) {
            throw refused(parameter, value, null);
        }
        return on ? 1L : 0L;
    }

    private static Object text(Parameter parameter, @Nullable Object value) {
        if (!(value instanceof String text)) {
            throw refused(parameter, value, null);
        }
        Object chosen =
                parameter.allowed().isText() ? text : parameter.allowed().chosen(text);
        if (chosen == null) {
            throw refused(parameter, value, null);
        }
        return chosen;
    }

    private static IllegalArgumentException refused(
            Parameter parameter, @Nullable Object value, @Nullable Exception cause) {
        return new IllegalArgumentException(
                parameter.attribute() + " must be " + parameter.allowed() + ", was " + described(value), cause);
    }

    private static String described(@Nullable Object value) {
        return value instanceof Number || value instanceof Boolean || value == null
                ? String.valueOf(value)
                : "the text \"" + value + '"';
    }
}
