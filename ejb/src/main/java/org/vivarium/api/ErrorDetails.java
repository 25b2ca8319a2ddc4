package org.vivarium.api;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One failure as data: the same structure serves Java, REST and logs. Those that the service itself raises are made by
 * {@link ErrorType#in}.
 *
 * @param type what exactly happened: the {@link ErrorType#code()} of a type of ours, such as {@code QueueFull}, or the
 *     class name of a Python exception
 * @param message one sentence: what was attempted, the limit and the actual value
 * @param traceback Python's traceback, or the Python stack of where a call hung
 * @param field the input that does not fit
 * @param retryable whether the same call may succeed later without a change
 */
public record ErrorDetails(
        ErrorCategory category,
        String type,
        String message,
        @Nullable String traceback,
        @Nullable String field,
        ErrorContext context,
        boolean retryable) {

    /** Returns what follows from the failure by its type, or else by its category. */
    public ErrorDescriptor descriptor() {
        return ErrorDescriptor.of(category, type);
    }

    /** Returns these details with another traceback or stack. */
    public ErrorDetails withTraceback(@Nullable String traceback) {
        return new ErrorDetails(category, type, message, traceback, field, context, retryable);
    }

    /** Returns these details as JSON-ready values, without the members that are {@code null}. */
    public Map<String, Object> toMap() {
        Map<String, Object> where = new LinkedHashMap<>();
        where.put("pool", context.pool());
        put(where, "worker", context.worker());
        put(where, "program", context.program());
        put(where, "session", context.session());
        put(where, "correlation_id", context.correlationId());
        where.put("wait_millis", context.waitMillis());
        where.put("execution_millis", context.executionMillis());
        where.put("attempt", context.attempt());
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("category", category.code());
        map.put("type", type);
        map.put("message", message);
        put(map, "traceback", traceback);
        put(map, "field", field);
        map.put("context", where);
        map.put("retryable", retryable);
        return map;
    }

    /** Returns the details whose {@link #toMap()} is {@code map}. */
    public static ErrorDetails of(Map<?, ?> map) {
        Map<?, ?> where = map.get("context") instanceof Map<?, ?> given ? given : Map.of();
        ErrorContext context = new ErrorContext(
                String.valueOf(where.get("pool")),
                text(where, "worker"),
                text(where, "program"),
                text(where, "session"),
                text(where, "correlation_id"),
                number(where, "wait_millis"),
                number(where, "execution_millis"),
                (int) number(where, "attempt"));
        return new ErrorDetails(
                ErrorCategory.of(String.valueOf(map.get("category"))),
                String.valueOf(map.get("type")),
                String.valueOf(map.get("message")),
                text(map, "traceback"),
                text(map, "field"),
                context,
                Boolean.TRUE.equals(map.get("retryable")));
    }

    private static void put(Map<String, Object> map, String name, @Nullable String value) {
        if (value != null) {
            map.put(name, value);
        }
    }

    private static @Nullable String text(Map<?, ?> map, String name) {
        return (String) map.get(name);
    }

    private static double number(Map<?, ?> map, String name) {
        return map.get(name) instanceof Number number ? number.doubleValue() : 0;
    }
}
