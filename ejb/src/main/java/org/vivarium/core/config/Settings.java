package org.vivarium.core.config;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Arrays;
import java.util.Map;

/**
 * The values of all parameters of one kind at one moment; every value is in its range and they fit together. Immutable.
 *
 * @param <P> the parameters
 * @param <S> the settings themselves
 */
@SuppressWarnings("EnumOrdinal") // an array read per value on the hot path; the order is never stored
public abstract class Settings<P extends Parameter, S extends Settings<P, S>> {
    private final Parameters<P> parameters;
    private final long[] values;
    private final long[] nanos;

    /** Those of texts; the others are empty. */
    private final String[] texts;

    /** Every parameter at its default. */
    Settings(Parameters<P> parameters) {
        this(
                parameters,
                parameters.list().stream()
                        .mapToLong(parameter -> parameter.allowed().standard())
                        .toArray(),
                parameters.list().stream().map(Settings::standardText).toArray(String[]::new));
    }

    private Settings(Parameters<P> parameters, long[] values, String[] texts) {
        this.parameters = parameters;
        this.values = values;
        this.texts = texts;
        this.nanos = parameters.list().stream()
                .mapToLong(parameter -> parameter.unit().toNanos(values[parameter.ordinal()]))
                .toArray();
    }

    /** Other values for the same parameters, each of them in its range. */
    Settings(Settings<P, S> others, Map<P, ?> changes) {
        this(others.parameters, numbers(others.values, changes), texts(others.texts, changes));
    }

    private static String standardText(Parameter parameter) {
        TextRule text = parameter.allowed().text();
        return text == null ? "" : text.standard();
    }

    private static long[] numbers(long[] before, Map<? extends Parameter, ?> changes) {
        long[] changed = before.clone();
        changes.forEach((parameter, value) -> {
            if (!parameter.allowed().isText()) {
                changed[parameter.ordinal()] = inRange(parameter, value);
            }
        });
        return changed;
    }

    private static String[] texts(String[] before, Map<? extends Parameter, ?> changes) {
        String[] changed = before.clone();
        changes.forEach((parameter, value) -> {
            TextRule text = parameter.allowed().text();
            if (text != null) {
                changed[parameter.ordinal()] = allowed(parameter, text, String.valueOf(value));
            }
        });
        return changed;
    }

    private static String allowed(Parameter parameter, TextRule rule, String value) {
        try {
            return rule.check().apply(value);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    parameter.attribute() + " must be " + rule.words() + ": " + e.getMessage(), e);
        }
    }

    private static long inRange(Parameter parameter, Object value) {
        long number = (Long) requireNonNull(value, parameter.attribute());
        if (!parameter.allowed().contains(number)) {
            throw new IllegalArgumentException(
                    parameter.attribute() + " must be " + parameter.allowed() + ", was " + value);
        }
        return number;
    }

    /**
     * Returns these settings with {@code changes}, checked as a whole.
     *
     * @param changes a {@code Long} for each parameter that is no text
     * @throws IllegalArgumentException if a value is out of range or does not fit the others; one sentence says what is
     *     allowed
     */
    public abstract S with(Map<P, ?> changes);

    /** Returns all parameters that have values here. */
    public Parameters<P> parameters() {
        return parameters;
    }

    /** Returns the value in the parameter's own unit; not for a text. */
    public long value(P parameter) {
        return values[parameter.ordinal()];
    }

    /** Returns the value in the parameter's own unit, if its range fits an {@code int}. */
    public int integer(P parameter) {
        return Math.toIntExact(values[parameter.ordinal()]);
    }

    /** Returns the value of a parameter that is a text; empty for any other. */
    public String text(P parameter) {
        return texts[parameter.ordinal()];
    }

    /**
     * Returns the value as operators read it: a number of the parameter's own unit, a boolean, one of its choices, or a
     * text.
     */
    public Object shown(P parameter) {
        return parameter.allowed().isText()
                ? text(parameter)
                : parameter.allowed().shown(value(parameter));
    }

    /** Returns the value as {@link #with} takes it. */
    Object given(P parameter) {
        return parameter.allowed().isText() ? text(parameter) : (Object) value(parameter);
    }

    /** Returns whether a parameter that is a switch is on. */
    public boolean isOn(P parameter) {
        return values[parameter.ordinal()] != 0;
    }

    /** Returns the value of a parameter that is a time, in nanoseconds; 0 for any other. Costs one array read. */
    public long nanos(P parameter) {
        return nanos[parameter.ordinal()];
    }

    /**
     * Returns the value of a parameter that is a time.
     *
     * @throws IllegalArgumentException if it is none
     */
    public Duration duration(P parameter) {
        if (!parameter.unit().isTime()) {
            throw new IllegalArgumentException(parameter.attribute() + " is no time");
        }
        return Duration.ofNanos(nanos(parameter));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Settings<?, ?> settings
                && parameters == settings.parameters
                && Arrays.equals(values, settings.values)
                && Arrays.equals(texts, settings.texts);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (P parameter : parameters) {
            text.append(text.isEmpty() ? "" : ", ")
                    .append(parameter.attribute())
                    .append('=')
                    .append(shown(parameter));
        }
        return text.toString();
    }
}
