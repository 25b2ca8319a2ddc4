package org.vivarium.core.protocol;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object that a peer sent, read with the type that the protocol promises.
 *
 * @param of what the object is, for messages, such as {@code HELLO}
 */
public record Fields(String of, Map<?, ?> map) {
    /**
     * Returns a string.
     *
     * @throws ProtocolException if the field is missing or of another type; likewise in all methods here
     */
    public String text(String name) throws ProtocolException {
        return as(name, String.class, "a string");
    }

    /** Returns a number without its fraction. */
    public long integer(String name) throws ProtocolException {
        return as(name, Number.class, "a number").longValue();
    }

    /** Returns a number, or {@code null} if the field is missing. */
    public @Nullable Long optionalInteger(String name) throws ProtocolException {
        return map.get(name) == null ? null : Long.valueOf(integer(name));
    }

    /** Returns an array. */
    public List<?> list(String name) throws ProtocolException {
        return as(name, List.class, "an array");
    }

    /** Returns the two numbers of an array of two. */
    public List<Integer> pair(String name) throws ProtocolException {
        List<?> both = list(name);
        if (both.size() == 2 && both.get(0) instanceof Number first && both.get(1) instanceof Number second) {
            return List.of(first.intValue(), second.intValue());
        }
        throw wrong(name, "an array of two numbers");
    }

    /** Returns {@code element}, of an array in this object, as an object with fields. */
    public Fields element(String of, @Nullable Object element) throws ProtocolException {
        if (element instanceof Map<?, ?> fields) {
            return new Fields(of, fields);
        }
        throw new ProtocolException(of + " in " + this.of + " is not an object");
    }

    private <T> T as(String name, Class<T> type, String described) throws ProtocolException {
        Object value = map.get(name);
        if (type.isInstance(value)) {
            return type.cast(value);
        }
        throw wrong(name, described);
    }

    private ProtocolException wrong(String name, String expected) {
        return new ProtocolException(
                "field \"" + name + "\" of " + of + (map.get(name) == null ? " is missing" : " is not " + expected));
    }
}
