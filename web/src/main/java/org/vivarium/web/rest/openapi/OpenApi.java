package org.vivarium.web.rest.openapi;

import jakarta.ws.rs.HttpMethod;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
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
        document.put("tags", tags());
        document.put("paths", paths());
        schemas.add("Problem", problem());
        document.put(
                "components",
                Map.of(
                        "securitySchemes",
                        Map.of("basic", Map.of("type", "http", "scheme", "basic")),
                        "headers",
                        AnswerHeaders.COMPONENTS,
                        "schemas",
                        schemas.all()));
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

    private List<Object> tags() {
        return resources.stream()
                .map(OpenApi::tag)
                .distinct()
                .sorted()
                .map(tag -> (Object) Map.of("name", tag))
                .toList();
    }

    /** Returns the tag of a resource: {@code pools} of {@code PoolsResource}. */
    private static String tag(Class<?> resource) {
        Class<?> whole = resource.getEnclosingClass() == null ? resource : resource.getEnclosingClass();
        String name = whole.getSimpleName().replaceFirst("Resource$", "");
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    /**
     * Returns the tag and what is done, such as {@code pools.resize}: who has the name of the resource lists or gets.
     */
    private static String id(Method method, ApiOperation described) {
        String tag = tag(method.getDeclaringClass());
        boolean whole = tag.equals(method.getName()) || tag.equals(method.getName() + 's');
        boolean many = described.list() || described.paged();
        return tag + '.' + (whole ? many ? "list" : "get" : method.getName());
    }

    private Map<String, Object> operation(Method method) {
        ApiOperation described = method.getAnnotation(ApiOperation.class);
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", id(method, described));
        operation.put("tags", List.of(tag(method.getDeclaringClass())));
        operation.put("summary", described.value());
        List<Object> parameters = Arrays.stream(method.getParameters())
                .flatMap(ParameterSchemas::of)
                .toList();
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        if (described.body() != Void.class) {
            operation.put(
                    "requestBody",
                    Map.of("required", true, "content", json("application/json", body(described.body()))));
        }
        operation.put("responses", responses(method, described));
        if (described.open()) {
            operation.put("security", List.of());
        }
        return operation;
    }

    private Object body(Class<?> type) {
        if (type == Map.class) {
            List<Map<String, String>> plain = Stream.of("number", "boolean", "string")
                    .map(each -> Map.of("type", each))
                    .toList();
            return Map.of("type", "object", "additionalProperties", Map.of("anyOf", plain));
        }
        return type == Object.class ? Map.of("type", "object") : schemas.of(type); // every body is an object
    }

    private Map<String, Object> responses(Method method, ApiOperation described) {
        Map<String, Object> success = new LinkedHashMap<>();
        success.put("description", described.status() == 202 ? "Accepted." : "Success.");
        if (described.answer() != Void.class) {
            Map<String, Object> content = new LinkedHashMap<>();
            for (String type : described.mediaTypes()) {
                content.putAll(json(type, answer(described)));
            }
            if (described.streams()) {
                content.putAll(json("text/event-stream", Map.of("type", "string")));
            }
            success.put("content", content);
        }
        boolean call = described.streams();
        if (call) {
            success.put("headers", AnswerHeaders.of(described.status(), true));
        }
        Map<String, Object> responses = new LinkedHashMap<>();
        responses.put(Integer.toString(described.status()), success);
        ProblemResponses.of(method)
                .forEach((status, types) ->
                        responses.put(status, problem(types, AnswerHeaders.of(Integer.parseInt(status), call))));
        if (described.alsoStatus() != 0) {
            Map<String, Object> negative = new LinkedHashMap<>(success);
            negative.put("description", "It is not.");
            responses.put(Integer.toString(described.alsoStatus()), negative);
        }
        responses.put("default", problem("A problem.", AnswerHeaders.of(0, call)));
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

    private static Object problem(String description, Map<String, Object> headers) {
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("description", description);
        if (!headers.isEmpty()) {
            response.put("headers", headers);
        }
        response.put("content", json(Problem.MEDIA_TYPE, Schemas.reference("Problem")));
        return response;
    }

    private static Map<String, Object> json(String mediaType, Object schema) {
        return Map.of(mediaType, Map.of("schema", schema));
    }

    private static Map<String, Object> problem() {
        Map<String, Object> text = Map.of("type", "string");
        Map<String, Object> members = new LinkedHashMap<>();
        List.of("type", "title", "detail", "field", "traceback").forEach(name -> members.put(name, text));
        List<String> categories =
                Arrays.stream(ErrorCategory.values()).map(ErrorCategory::code).toList();
        members.put("category", Map.of("type", "string", "enum", categories));
        members.put("status", Map.of("type", "integer", "format", "int32"));
        members.put("retryable", Map.of("type", "boolean"));
        members.put("context", Map.of("type", "object"));
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("required", new ArrayList<>(List.of("type", "title", "status", "detail", "category")));
        schema.put("properties", members);
        return schema;
    }
}
