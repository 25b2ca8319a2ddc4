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
import java.util.stream.Stream;
import org.vivarium.api.OneOf;
import org.vivarium.api.view.PoolTotals;

/**
 * The JSON schemas of records, each under its simple name, as {@link org.vivarium.api.operation.JsonText} writes them.
 */
final class Schemas {
    private static final String TYPE = "type";
    private static final String FORMAT = "format";
    private static final Map<String, Object> NUMBER =
            Map.of(TYPE, "number", FORMAT, "double", "nullable", true); // NaN is written as null

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
            Type[] arguments = generic.getActualTypeArguments();
            return generic.getRawType() == List.class
                    ? Map.of(TYPE, "array", "items", of(arguments[0]))
                    : Map.of(TYPE, "object", "additionalProperties", of(arguments[1]));
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) {
            return record(plain);
        } else if (plain.isEnum()) {
            return texts(Arrays.stream(plain.getEnumConstants()).map(String::valueOf));
        }
        return simple(plain);
    }

    private static Map<String, Object> simple(Class<?> type) {
        if (type == int.class) {
            return Map.of(TYPE, "integer", FORMAT, "int32");
        } else if (type == long.class || type == Long.class) {
            return Map.of(TYPE, "integer", FORMAT, "int64", "nullable", type == Long.class);
        } else if (type == double.class) {
            return NUMBER;
        } else if (type == boolean.class) {
            return Map.of(TYPE, "boolean");
        } else if (type == Instant.class) {
            return Map.of(TYPE, "string", FORMAT, "date-time", "nullable", true);
        } else if (type == String.class) {
            return Map.of(TYPE, "string", "nullable", true);
        }
        return Map.of(); // anything
    }

    private Object record(Class<?> type) {
        String name = type.getSimpleName();
        if (!known.containsKey(name)) {
            Map<String, Object> members = new LinkedHashMap<>();
            List<String> names = Arrays.stream(type.getRecordComponents())
                    .filter(component -> component.getType() != Map.class)
                    .map(RecordComponent::getName)
                    .toList(); // what is not known is written as null, but a map that is nobody's business is left out
            known.put( // before its members: they may refer to it
                    name, Map.of(TYPE, "object", "required", names, "properties", members));
            for (RecordComponent component : type.getRecordComponents()) {
                members.put(component.getName(), of(component));
            }
        }
        return reference(name);
    }

    private Object of(RecordComponent component) {
        if (component.getType().isRecord()) {
            return Map.of("nullable", true, "allOf", List.of(of(component.getGenericType())));
        }
        OneOf closed = component.getAnnotation(OneOf.class);
        if (closed != null) {
            return texts(Stream.concat(
                    Arrays.stream(closed.value()),
                    Arrays.stream(closed.namesOf())
                            .flatMap(each -> Arrays.stream(each.getEnumConstants()))
                            .map(Enum::name)));
        } else if (component.getDeclaringRecord() == PoolTotals.class) {
            Map<String, Object> described = new LinkedHashMap<>(simple(component.getType()));
            Arrays.stream(PoolTotals.Counter.values())
                    .filter(counter -> counter.attribute().equalsIgnoreCase(component.getName()))
                    .forEach(counter -> described.put("description", counter.description()));
            return described;
        }
        return of(component.getGenericType());
    }

    private static Object texts(Stream<String> texts) {
        return Map.of(TYPE, "string", "enum", texts.toList());
    }
}
