package org.vivarium.adapter.jmx.mbean;

import java.util.Objects;
import javax.management.MBeanAttributeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Judges the type of a value before it reaches a bean: the JDK would refuse a wrong one without saying what is allowed.
 * Whole numbers may come in any type that holds them.
 */
final class ValueCheck {
    private ValueCheck() {}

    /**
     * Returns {@code value} in the type of the attribute.
     *
     * @throws IllegalArgumentException if it is none; one sentence says what is allowed
     */
    static Object fitting(MBeanAttributeInfo attribute, @Nullable Object value) {
        Object fitting = value == null ? null : converted(attribute.getType(), value);
        if (fitting == null) {
            throw new IllegalArgumentException(
                    attribute.getName() + " must be " + wanted(attribute) + ", was " + shown(value));
        }
        return fitting;
    }

    private static @Nullable Object converted(String type, Object value) {
        return switch (type) {
            case "long" -> isWhole(value) ? ((Number) value).longValue() : null;
            case "double" -> value instanceof Number number ? number.doubleValue() : null;
            case "boolean" -> value instanceof Boolean ? value : null;
            case "java.lang.String" -> value instanceof String ? value : null;
            default -> throw new IllegalStateException("no attribute that can be written is of type " + type);
        };
    }

    private static boolean isWhole(Object value) {
        return value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
    }

    private static String wanted(MBeanAttributeInfo attribute) {
        String range = range(attribute);
        return switch (attribute.getType()) {
            case "long" -> "a whole number" + range;
            case "double" -> "a number" + range;
            case "boolean" -> "true or false";
            default -> "text";
        };
    }

    private static String range(MBeanAttributeInfo attribute) {
        Object minimum = attribute.getDescriptor().getFieldValue(Described.MINIMUM);
        Object maximum = attribute.getDescriptor().getFieldValue(Described.MAXIMUM);
        Object unit = attribute.getDescriptor().getFieldValue(Described.UNITS);
        return minimum == null
                ? ""
                : " from " + minimum + " to " + maximum + ' '
                        + Objects.requireNonNullElse(unit, "").toString();
    }

    private static String shown(@Nullable Object value) {
        return value instanceof String ? "the text \"" + value + '"' : String.valueOf(value);
    }
}
