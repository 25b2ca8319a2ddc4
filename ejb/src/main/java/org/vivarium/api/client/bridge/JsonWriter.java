package org.vivarium.api.client.bridge;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes maps, collections, text, numbers, booleans and null as JSON, several times faster than JSON-B does; leaves
 * anything else to an {@link Encoding}. For one use.
 */
final class JsonWriter {
    private static final int DEEPEST = 500;
    private static final int TYPICAL_LENGTH = 128;
    private static final Set<Class<?>> AS_THEY_ARE =
            Set.of(Integer.class, Long.class, Short.class, Byte.class, BigInteger.class, BigDecimal.class);
    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final StringBuilder out = new StringBuilder(TYPICAL_LENGTH);
    private final Encoding others;
    private int depth;

    /** Takes what writes values of other classes. */
    JsonWriter(Encoding others) {
        this.others = others;
    }

    /**
     * Returns {@code map} as a JSON object, or whatever JSON-B makes of it if a key is not text.
     *
     * @throws IllegalArgumentException if it holds a number that JSON does not know, or is nested too deeply or in
     *     itself
     */
    String write(Map<?, ?> map) {
        object(map);
        return out.toString();
    }

    private void value(@Nullable Object value) {
        if (value instanceof String text) {
            text(text);
        } else if (value == null || value instanceof Boolean) {
            out.append(value);
        } else if (value instanceof Number number) {
            number(number);
        } else if (value instanceof Map<?, ?> map) {
            object(map);
        } else if (value instanceof Collection<?> items) {
            array(items);
        } else {
            out.append(others.other(value));
        }
    }

    private void number(Number number) {
        if (AS_THEY_ARE.contains(number.getClass())) {
            out.append(number);
        } else if (number instanceof Double || number instanceof Float) {
            if (!Double.isFinite(number.doubleValue())) {
                throw new IllegalArgumentException(number + " cannot be written as JSON");
            }
            out.append(number);
        } else {
            out.append(others.json(number));
        }
    }

    private void object(Map<?, ?> map) {
        int start = out.length();
        enter();
        char separator = '{';
        for (Map.Entry<?, ?> member : map.entrySet()) {
            if (!(member.getKey() instanceof String name)) {
                out.setLength(start);
                out.append(others.json(map));
                depth--;
                return;
            }
            out.append(separator);
            text(name);
            out.append(':');
            value(member.getValue());
            separator = ',';
        }
        leave(separator == '{' ? "{}" : "}");
    }

    private void array(Collection<?> items) {
        enter();
        char separator = '[';
        for (Object item : items) {
            out.append(separator);
            value(item);
            separator = ',';
        }
        leave(separator == '[' ? "[]" : "]");
    }

    private void enter() {
        if (++depth > DEEPEST) {
            throw new IllegalArgumentException(
                    "the value is nested more than " + DEEPEST + " levels deep, or contains itself");
        }
    }

    private void leave(String end) {
        out.append(end);
        depth--;
    }

    private void text(String text) {
        out.append('"');
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' '
                    || c == '"'
                    || c == '\\'
                    || Character.isSurrogate(c)) { // half a pair has no UTF-8, so all are escaped
                out.append(text, plain, i);
                escape(c);
                plain = i + 1;
            }
        }
        out.append(text, plain, text.length()).append('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEX[c >> shift & 0xf]);
                }
            }
        }
    }
}
