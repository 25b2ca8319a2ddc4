package org.vivarium.web.rest.openapi;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The JSON schemas of records, each under its simple name, as {@link org.vivarium.api.operation.JsonText} writes them.
 */
final class Schemas {
    private static final String TYPE = "type";
    private static final Map<String, Object> NUMBER =
            Map.of(TYPE, "number", "nullable", true); // NaN is written as null

    private final Map<String, Object> known = new TreeMap<>();

    /** Returns all schemas, by name. */
    Map<String, Object> all() {
        return known;
    }

    void add(String name, Map<String, Object> schema) {
        known.put(name, schema);
    }

    static Map<String, Object> reference(String name) {
        return Map.of("$ref", "#/components/schemas/" + name);
    }

    /** Returns the schema of {@code type}; that of a record by reference. */
    Object of(Type type) {
        if (type instanceof ParameterizedType generic) {
            boolean list = generic.getRawType() == List.class;
            return list
                    ? Map.of(TYPE, "array", "items", of(generic.getActualTypeArguments()[0]))
                    : Map.of(TYPE, "object");
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return record(plain);
        } else if (plain.isEnum()) {
            List<String> names =
                    Arrays.stream(plain.getEnumConstants()).map(String::valueOf).toList();
            return Map.of(TYPE, "string", "enum", names);
        }
        return simple(plain);
    }

    private static Map<String, Object> simple(Class<?> type) {
        if (type == int.class || type == long.class || type == Long.class) {
            return Map.of(TYPE, "integer", "nullable", type == Long.class);
        } else if (type == double.class) {
            return NUMBER;
        } else if (type == boolean.class) {
            return Map.of(TYPE, "boolean");
        } else if (type == Instant.class) {
            return Map.of(TYPE, "string", "format", "date-time", "nullable", true);
        } else if (type == String.class) {
            return Map.of(TYPE, "string", "nullable", true);
        }
        return Map.of(); // anything
    }

    private Object record(Class<?> type) {
        String name = type.getSimpleName();
        if (!known.containsKey(name)) {
            Map<String, Object> members = new LinkedHashMap<>();
            known.put(name, Map.of(TYPE, "object", "properties", members)); // before its members: they may refer to it
            for (RecordComponent component : type.getRecordComponents()) {
                members.put(component.getName(), of(component.getGenericType()));
            }
        }
        return reference(name);
    }
}
