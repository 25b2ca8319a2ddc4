package org.vivarium.web.rest.openapi;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ErrorCategory;
import org.vivarium.web.json.Problem;
import org.vivarium.web.rest.exchange.EventWriter;
import org.vivarium.web.rest.exchange.ResourcePaths;

/**
 * The OpenAPI document, derived from the resources' own annotations and the records they answer, so that it cannot
 * drift.
 */
public final class OpenApi {
    private static final String DESCRIPTION =
            "Pools of Python worker processes. Every failure is a problem document (application/problem+json) with the members type, "
                    + "title, status, detail, category, and where they apply field, context, traceback and retryable.";

    private final Collection<Class<?>> resources;
    private final Schemas schemas = new Schemas();

    public OpenApi(Collection<Class<?>> resources) {
        this.resources = resources;
    }

    /** Returns the document as maps and lists. */
    public Map<String, Object> document() {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("openapi", "3.0.3");
        document.put("info", Map.of("title", "Vivarium", "version", "1", "description", DESCRIPTION));
        document.put("servers", List.of(Map.of("url", "/vivarium/api")));
        document.put("security", List.of(Map.of("basic", List.of())));
        document.put("paths", paths());
        schemas.add("Problem", problem());
        document.put(
                "components",
                Map.of(
                        "securitySchemes", Map.of("basic", Map.of("type", "http", "scheme", "basic")),
                        "schemas", schemas.all()));
        return document;
    }

    private Map<String, Object> paths() {
        Map<String, Object> paths = new TreeMap<>();
        resources.stream()
                .flatMap(resource -> Arrays.stream(resource.getMethods()))
                .forEach(method -> {
                    String verb = verb(method);
                    if (verb != null) {
                        members(paths, ResourcePaths.template(method)).put(verb, operation(method));
                    }
                });
        return paths;
    }

    @SuppressWarnings("unchecked") // put there by this very method
    private static Map<String, Object> members(Map<String, Object> paths, String path) {
        return (Map<String, Object>) paths.computeIfAbsent(path, key -> new TreeMap<String, Object>());
    }

    private static @Nullable String verb(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .map(type -> type.getAnnotation(HttpMethod.class))
                .filter(http -> http != null)
                .map(http -> http.value().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse(null);
    }

    private Map<String, Object> operation(Method method) {
        ApiOperation described = method.getAnnotation(ApiOperation.class);
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put(
                "operationId",
                method.getDeclaringClass().getSimpleName().replace("Resource", "") + '.' + method.getName());
        operation.put("summary", described.value());
        List<Object> parameters = Arrays.stream(method.getParameters())
                .flatMap(OpenApi::parameters)
                .toList();
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (described.body() != Void.class) {
            operation.put(
                    "requestBody",
                    Map.of("required", true, "content", json("application/json", schemas.of(described.body()))));
        }
        operation.put("responses", responses(method, described));
        if (described.open()) {
            operation.put("security", List.of());
        }
        return operation;
    }

    private Map<String, Object> responses(Method method, ApiOperation described) {
        Map<String, Object> success = new LinkedHashMap<>();
        success.put("description", described.status() == 202 ? "Accepted." : "Success.");
        if (described.answer() != Void.class) {
            Map<String, Object> content = new LinkedHashMap<>(json(described.mediaType(), answer(described)));
            if (described.streams()) {
                content.putAll(json(EventWriter.MEDIA_TYPE, Map.of("type", "string")));
            }
            success.put("content", content);
        }
        Map<String, Object> responses = new LinkedHashMap<>();
        responses.put(Integer.toString(described.status()), success);
        ProblemResponses.of(method).forEach((status, types) -> responses.put(status, problem(types)));
        responses.put("default", problem("A problem."));
        return responses;
    }

    private Object answer(ApiOperation described) {
        Object one = schemas.of(described.answer());
        return described.paged() ? page(array(one)) : described.list() ? array(one) : one;
    }

    private static Map<String, Object> array(Object items) {
        return Map.of("type", "array", "items", items);
    }

    private static Map<String, Object> page(Object items) {
        Map<String, Object> next = Map.of(
                "type",
                "string",
                "nullable",
                true,
                "description",
                "What after is for the next page; null on the last.");
        return Map.of(
                "type", "object", "required", List.of("items"), "properties", Map.of("items", items, "next", next));
    }

    private static Object problem(String description) {
        return Map.of("description", description, "content", json(Problem.MEDIA_TYPE, Schemas.reference("Problem")));
    }

    private static Map<String, Object> json(String mediaType, Object schema) {
        return Map.of(mediaType, Map.of("schema", schema));
    }

    private static Stream<Object> parameters(Parameter parameter) {
        if (parameter.isAnnotationPresent(PathParam.class)) {
            return Stream.of(parameter(parameter.getAnnotation(PathParam.class).value(), "path", true));
        } else if (parameter.isAnnotationPresent(BeanParam.class)) {
            return Arrays.stream(parameter.getType().getDeclaredFields())
                    .filter(field -> field.isAnnotationPresent(HeaderParam.class))
                    .map(field ->
                            parameter(field.getAnnotation(HeaderParam.class).value(), "header", false));
        }
        QueryParam query = parameter.getAnnotation(QueryParam.class);
        return query == null ? Stream.empty() : Stream.of(parameter(query.value(), "query", false));
    }

    private static Object parameter(String name, String in, boolean required) {
        return Map.of("name", name, "in", in, "required", required, "schema", Map.of("type", "string"));
    }

    private static Map<String, Object> problem() {
        Map<String, Object> text = Map.of("type", "string");
        Map<String, Object> members = new LinkedHashMap<>();
        List.of("type", "title", "detail", "field", "traceback").forEach(name -> members.put(name, text));
        List<String> categories =
                Arrays.stream(ErrorCategory.values()).map(ErrorCategory::code).toList();
        members.put("category", Map.of("type", "string", "enum", categories));
        members.put("status", Map.of("type", "integer"));
        members.put("retryable", Map.of("type", "boolean"));
        members.put("context", Map.of("type", "object"));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("required", new ArrayList<>(List.of("type", "title", "status", "detail", "category")));
        schema.put("properties", members);
        return schema;
    }
}
