package org.vivarium.api.operation;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes records, maps, lists, text, numbers, booleans and enums as JSON.
 *
 * <p>Members keep their order; an {@code Instant} is written as ISO 8601, and NaN and infinity, which JSON does not
 * know, as {@code null}. JSON-B is not used because servers differ in what they make of records and NaN.
 */
public final class JsonText {
    private static final int SHORTEST_PLAIN = 0x20;

    private final StringBuilder out = new StringBuilder(256);

    private JsonText() {}

    /** Returns {@code value} as JSON in UTF-8. */
    public static byte[] bytes(@Nullable Object value) {
        return of(value).getBytes(UTF_8);
    }

    /** Returns {@code value} as JSON. */
    public static String of(@Nullable Object value) {
        JsonText text = new JsonText();
        text.value(value);
        return text.out.toString();
    }

    private void value(@Nullable Object value) {
        if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Number number) {
            out.append(Double.isFinite(number.doubleValue()) ? number.toString() : "null");
        } else if (value instanceof Map<?, ?> map) {
            map(map);
        } else if (value instanceof Iterable<?> items) {
            items(items);
        } else if (value instanceof Record members) {
            members(members);
        } else {
            text(String.valueOf(value)); // enums, instants, text
        }
    }

    private void map(Map<?, ?> map) {
        char separator = '{';
        for (Map.Entry<?, ?> member : map.entrySet()) {
            member(separator, String.valueOf(member.getKey()), member.getValue());
            separator = ',';
        }
        out.append(map.isEmpty() ? "{}" : "}");
    }

    private void members(Record members) {
        RecordComponent[] components = members.getClass().getRecordComponents();
        char separator = '{';
        for (RecordComponent component : components) {
            member(separator, component.getName(), read(component, members));
            separator = ',';
        }
        out.append(components.length == 0 ? "{}" : "}");
    }

    private static @Nullable Object read(RecordComponent component, Record of) {
        try {
            return component.getAccessor().invoke(of);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    private void member(char separator, String name, @Nullable Object value) {
        out.append(separator);
        text(name);
        out.append(':');
        value(value);
    }

    private void items(Iterable<?> items) {
        int start = out.length();
        for (Object item : items) {
            out.append(out.length() == start ? '[' : ',');
            value(item);
        }
        out.append(out.length() == start ? "[]" : "]");
    }

    private void text(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < SHORTEST_PLAIN || Character.isSurrogate(c) || c == '\u2028' || c == '\u2029') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
