package org.vivarium.web.rest.openapi;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.SecurityContext;
import java.lang.reflect.Field;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.CallOptions;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.web.http.KnownClient;
import org.vivarium.web.rest.exchange.CallHeaders;
import org.vivarium.web.rest.exchange.HeaderValue;

/** What requests carry in path, query and headers: names, types, ranges. */
final class ParameterSchemas {
    private static final Map<String, Object> TEXT = Map.of("type", "string");

    /** Of names in paths: what the security filter lets through. */
    private static final Map<String, Object> NAME =
            Map.of("type", "string", "pattern", "^(?!\\.{1,2}$)[^/\\\\\\u0000]+$");

    private static final Map<String, Object> INSTANT = Map.of("type", "string", "format", "date-time");

    private static final Map<String, Map<String, Object>> OF_QUERY = Map.of(
            "window",
            Map.of("type", "string", "enum", List.of("1m", "5m", "15m"), "default", "1m"),
            "limit",
            Map.of(
                    "type",
                    "integer",
                    "format",
                    "int32",
                    "minimum",
                    1,
                    "maximum",
                    PageRequest.MOST,
                    "default",
                    PageRequest.STANDARD),
            "after",
            TEXT,
            "attribute",
            Map.of("type", "array", "items", TEXT),
            "from",
            INSTANT,
            "to",
            INSTANT,
            "step",
            Map.of("type", "string", "format", "duration", "default", "PT1M"));

    private ParameterSchemas() {}

    /** Returns what {@code parameter} of a resource's method takes from the request: nothing, one or several. */
    static Stream<Object> of(Parameter parameter) {
        PathParam path = parameter.getAnnotation(PathParam.class);
        QueryParam query = parameter.getAnnotation(QueryParam.class);
        if (path != null) {
            return Stream.of(described(path.value(), "path", NAME, null));
        } else if (query != null) {
            return Stream.of(described(query.value(), "query", OF_QUERY.getOrDefault(query.value(), TEXT), null));
        } else if (parameter.getType() == SecurityContext.class
                && !parameter.getDeclaringExecutable().isAnnotationPresent(GET.class)) {
            return Stream.of(described(KnownClient.REASON, "query", TEXT, "Why, for the change log."));
        } else if (parameter.isAnnotationPresent(BeanParam.class)) {
            return Arrays.stream(parameter.getType().getDeclaredFields()).flatMap(ParameterSchemas::field);
        }
        return Stream.empty();
    }

    private static Stream<Object> field(Field field) {
        QueryParam query = field.getAnnotation(QueryParam.class);
        if (query != null) {
            return Stream.of(described(query.value(), "query", OF_QUERY.getOrDefault(query.value(), TEXT), null));
        }
        return field.isAnnotationPresent(HeaderParam.class) ? Stream.of(header(field)) : Stream.empty();
    }

    private static Object header(Field field) {
        String name = field.getAnnotation(HeaderParam.class).value();
        HeaderValue value = field.getAnnotation(HeaderValue.class);
        return value == null
                ? described(name, "header", TEXT, null)
                : described(name, "header", schema(value.kind()), value.value());
    }

    private static Map<String, Object> schema(HeaderValue.Kind kind) {
        return switch (kind) {
            case MILLIS ->
                Map.of("type", "integer", "format", "int32", "minimum", 1, "maximum", CallHeaders.LONGEST_MILLIS);
            case PRIORITY ->
                Map.of(
                        "type",
                        "integer",
                        "format",
                        "int32",
                        "minimum",
                        -CallOptions.HIGHEST_PRIORITY,
                        "maximum",
                        CallOptions.HIGHEST_PRIORITY,
                        "default",
                        0);
            case FLAG -> Map.of("type", "boolean");
            case NAME -> Map.of("type", "string", "pattern", '^' + CallHeaders.NAME_PATTERN + '$');
            case TEXT -> TEXT;
        };
    }

    private static Map<String, Object> described(
            String name, String in, Map<String, Object> schema, @Nullable String description) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("required", in.equals("path"));
        if (description != null) {
            parameter.put("description", description);
        }
        parameter.put("schema", schema);
        return parameter;
    }
}
