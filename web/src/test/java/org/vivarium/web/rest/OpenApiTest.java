package org.vivarium.web.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ROOT;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.lang.reflect.Modifier;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.vivarium.api.PoolState;
import org.vivarium.api.operation.JsonText;
import org.vivarium.api.view.page.PageRequest;
import org.vivarium.web.rest.openapi.ApiOperation;
import org.vivarium.web.rest.openapi.OpenApi;
import org.vivarium.web.security.Access;

class OpenApiTest {
    private final JsonObject document = Json.createReader(
                    new StringReader(JsonText.of(new OpenApi(RestApplication.DESCRIBED).document())))
            .readObject();

    @Test
    void the_management_document_lists_exactly_the_paths_that_there_are() throws IOException {
        Set<String> served = new TreeSet<>();
        document.getJsonObject("paths")
                .forEach((path, verbs) ->
                        verbs.asJsonObject().keySet().forEach(verb -> served.add(verb.toUpperCase(ROOT) + ' ' + path)));

        Path management = Path.of(System.getProperty("vivarium.root"), "docs", "MANAGEMENT.md");
        assertThat(Files.readAllLines(management).stream()
                        .filter(line -> line.matches("\\| `[A-Z]+` \\| `/.*"))
                        .map(line -> line.split("`", -1)[1] + ' ' + line.split("`", -1)[3]))
                .containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void every_class_with_a_path_is_a_registered_resource() throws IOException {
        Path sources = Path.of(System.getProperty("vivarium.root"), "web/src/main/java/org/vivarium/web/rest");
        try (Stream<Path> files = Files.walk(sources)) {
            Set<String> resources = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith("Resource.java"))
                    .map(name -> name.replace(".java", ""))
                    .collect(Collectors.toSet());
            assertThat(RestApplication.RESOURCES)
                    .extracting(Class::getSimpleName)
                    .containsExactlyInAnyOrderElementsOf(resources);
        }
        assertThat(new RestApplication().getClasses()).containsAll(RestApplication.RESOURCES);
    }

    @Test
    void every_record_that_is_answered_is_public_so_that_it_can_be_written() {
        assertThat(RestApplication.DESCRIBED)
                .allSatisfy(resource -> assertThat(resource.getDeclaredMethods())
                        .filteredOn(method -> method.isAnnotationPresent(ApiOperation.class))
                        .allSatisfy(method -> assertThat(Modifier.isPublic(method.getAnnotation(ApiOperation.class)
                                        .answer()
                                        .getModifiers()))
                                .as(method.toString())
                                .isTrue()));
    }

    @Test
    void what_may_be_missing_or_null_is_not_promised() {
        JsonObject schemas = document.getValue("/components/schemas").asJsonObject();

        assertThat(schemas.getJsonObject("Readiness").getJsonArray("required")).hasSize(1);
        assertThat(document.getValue("/components/schemas/HostView/properties/container")
                        .asJsonObject()
                        .getBoolean("nullable"))
                .isTrue();
    }

    @Test
    void bodies_whose_members_are_not_known_are_objects_all_the_same() {
        assertThat(bodyOf("~1programs~1{program}/post"))
                .isEqualTo(Json.createObjectBuilder().add("type", "object").build());
        assertThat(bodyOf("~1config/patch").getString("type")).isEqualTo("object");
    }

    @Test
    void values_of_parameters_are_plain() {
        assertThat(bodyOf("~1config/patch")
                        .getJsonObject("additionalProperties")
                        .getJsonArray("anyOf"))
                .map(each -> each.asJsonObject().getString("type"))
                .containsExactly("number", "boolean", "string");
    }

    private JsonObject bodyOf(String operation) {
        return document.getValue("/paths/~1pools~1{pool}" + operation + "/requestBody/content/application~1json/schema")
                .asJsonObject();
    }

    @Test
    void names_in_paths_may_be_what_is_let_through_and_nothing_else() {
        String pattern = ((JsonString) document.getValue(
                        "/paths/~1pools~1{pool}~1sessions~1{session}/delete/parameters/1/schema/pattern"))
                .getString();

        for (String name : List.of("default", "a b", "ä#?%", "..a", ".a", "a.", "...", "a\nb", "\u00a0")) {
            assertThat(Access.isStrange(path(name))).as(name).isFalse();
            assertThat(Pattern.compile(pattern).matcher(name).find()).as(name).isTrue();
        }
        for (String name : List.of("", ".", "..", "a\\b", "a/b", "\0")) {
            assertThat(Access.isStrange(path(name))).as(name).isTrue();
            assertThat(Pattern.compile(pattern).matcher(name).find()).as(name).isFalse();
        }
    }

    private static String path(String name) {
        return "/api/pools/" + URLEncoder.encode(name, UTF_8).replace("+", "%20") + "/sessions";
    }

    @Test
    void a_call_tells_its_headers_and_its_problem() {
        JsonObject call = document.getValue("/paths/~1pools~1{pool}~1programs~1{program}/post")
                .asJsonObject();

        assertThat(call.getJsonArray("parameters"))
                .extracting(parameter -> parameter.asJsonObject().getString("name"))
                .containsExactly(
                        "pool",
                        "program",
                        "Vivarium-Session",
                        "Vivarium-Timeout",
                        "Vivarium-Priority",
                        "Vivarium-Key",
                        "Vivarium-Idempotent",
                        "X-Correlation-Id",
                        "Idempotency-Key",
                        "Vivarium-Project",
                        "Vivarium-Execution",
                        "Vivarium-Task",
                        "Vivarium-Node",
                        "traceparent",
                        "tracestate",
                        "baggage");
        assertThat(call.getString("summary")).contains("status 500 and category program_error");
        assertThat(call.getJsonObject("responses")).containsKeys("200", "default");
        assertThat(call.getValue("/responses/200/content").asJsonObject())
                .containsOnlyKeys("application/json", "text/event-stream");
    }

    @Test
    void the_failures_of_an_operation_are_told_by_their_statuses() {
        JsonObject restart = document.getValue("/paths/~1pools~1{pool}~1rolling-restart/post/responses")
                .asJsonObject();
        assertThat(restart)
                .containsOnlyKeys(
                        "202", "400", "401", "403", "404", "406", "409", "422", "429", "500", "503", "default");
        assertThat(restart.getJsonObject("409").getString("description"))
                .isEqualTo("RolloutRunning: A rolling restart is already in progress.");
        assertThat(document.getValue("/paths/~1pools~1{pool}~1programs~1{program}/post/responses/503/description"))
                .asString()
                .contains("QueueFull: ", "PoolDrained: ", "CheckoutTimeout: ", "PoolFailed: ");
        assertThat(document.getValue("/paths/~1health~1live/get/responses").asJsonObject())
                .doesNotContainKeys("401", "403", "404");
        assertThat(document.getValue("/paths/~1pools~1{pool}/get/responses").asJsonObject())
                .containsKey("404")
                .doesNotContainKey("503"); // a pool that cannot start is shown
    }

    @Test
    void a_window_is_a_query_parameter_and_what_prometheus_reads_is_plain_text() {
        assertThat(document.getValue("/paths/~1pools~1{pool}~1metrics/get/parameters/1")
                        .asJsonObject())
                .containsEntry("name", Json.createValue("window"))
                .containsEntry("in", Json.createValue("query"))
                .containsEntry("required", JsonValue.FALSE);
        assertThat(document.getValue("/paths/~1metrics/get/responses/200/content")
                        .asJsonObject())
                .containsOnlyKeys("text/plain", "application/openmetrics-text");
    }

    @Test
    void long_lists_are_answered_in_pages_that_name_the_next() {
        for (String list : List.of("sessions", "calls")) {
            JsonObject get = document.getValue("/paths/~1pools~1{pool}~1" + list + "/get")
                    .asJsonObject();
            assertThat(get.getJsonArray("parameters"))
                    .extracting(parameter -> parameter.asJsonObject().getString("name"))
                    .containsExactly("pool", "after", "limit");
            JsonObject page = get.getValue("/responses/200/content/application~1json/schema/properties")
                    .asJsonObject();
            assertThat(page).containsOnlyKeys("items", "next");
            assertThat(page.getJsonObject("items")).containsEntry("type", Json.createValue("array"));
            assertThat(get.getValue("/responses/422/description")).asString().contains("InvalidValue: ");
        }
    }

    @Test
    void only_health_is_open() {
        document.getJsonObject("paths")
                .forEach((path, verbs) -> verbs.asJsonObject()
                        .values()
                        .forEach(
                                operation -> assertThat(operation.asJsonObject().containsKey("security"))
                                        .as(path)
                                        .isEqualTo(path.startsWith("/health/"))));
    }

    @Test
    void an_operation_has_an_id_of_its_own_that_begins_with_its_tag() {
        List<String> ids = operations()
                .map(operation -> operation.getString("operationId"))
                .toList();
        assertThat(ids)
                .doesNotHaveDuplicates()
                .contains(
                        "pools.list",
                        "pools.get",
                        "pools.resize",
                        "workers.list",
                        "programs.call",
                        "resources.get",
                        "metrics.range",
                        "health.ready");
        List<String> tags = document.getJsonArray("tags")
                .getValuesAs(tag -> tag.asJsonObject().getString("name"));
        assertThat(operations()).allSatisfy(operation -> {
            String tag = operation.getJsonArray("tags").getString(0);
            assertThat(operation.getJsonArray("tags")).hasSize(1);
            assertThat(operation.getString("operationId")).startsWith(tag + '.');
            assertThat(tags).contains(tag);
        });
    }

    private Stream<JsonObject> operations() {
        return document.getJsonObject("paths").values().stream()
                .flatMap(verbs -> verbs.asJsonObject().values().stream())
                .map(JsonValue::asJsonObject);
    }

    @Test
    void closed_sets_formats_and_what_is_always_there_are_told() {
        JsonObject pool = schema("PoolView");
        assertThat(texts(pool.getValue("/properties/state/enum")))
                .containsExactlyElementsOf(
                        Arrays.stream(PoolState.values()).map(Enum::name).toList());
        assertThat(texts(pool.get("required"))).contains("name", "state", "problem", "since");
        assertThat(pool.getValue("/properties/size/format")).isEqualTo(Json.createValue("int32"));
        assertThat(pool.getValue("/properties/oldestWaitMillis/format")).isEqualTo(Json.createValue("double"));
        assertThat(pool.getValue("/properties/since/format")).isEqualTo(Json.createValue("date-time"));
        assertThat(schema("PoolTotals").getJsonObject("properties").values())
                .allSatisfy(total -> assertThat(total.asJsonObject().getString("description"))
                        .endsWith("."))
                .allSatisfy(total ->
                        assertThat(total.asJsonObject().getString("format")).isEqualTo("int64"));
        assertThat(texts(schema("CallView").getValue("/properties/state/enum"))).containsExactly("WAITING", "RUNNING");
        assertThat(schema("PoolNow").getValue("/properties/keyTimeouts/additionalProperties/type"))
                .isEqualTo(Json.createValue("integer"));
    }

    private JsonObject schema(String name) {
        return document.getValue("/components/schemas/" + name).asJsonObject();
    }

    private static List<String> texts(JsonValue array) {
        return array.asJsonArray().getValuesAs(text -> ((JsonString) text).getString());
    }

    @Test
    void headers_of_a_call_and_of_its_answers_have_types() {
        JsonObject call = document.getValue("/paths/~1pools~1{pool}~1programs~1{program}/post")
                .asJsonObject();
        Map<String, JsonObject> headers = call.getJsonArray("parameters").stream()
                .map(JsonValue::asJsonObject)
                .filter(parameter -> parameter.getString("in").equals("header"))
                .collect(Collectors.toMap(parameter -> parameter.getString("name"), Function.identity()));

        assertThat(headers.values())
                .allSatisfy(
                        header -> assertThat(header.getString("description")).endsWith("."));
        assertThat(headers.get("Vivarium-Timeout").getJsonObject("schema"))
                .containsEntry("type", Json.createValue("integer"))
                .containsEntry("minimum", Json.createValue(1));
        assertThat(headers.get("Vivarium-Priority").getJsonObject("schema"))
                .containsEntry("minimum", Json.createValue(-100))
                .containsEntry("maximum", Json.createValue(100));
        assertThat(headers.get("Vivarium-Idempotent").getJsonObject("schema"))
                .containsEntry("type", Json.createValue("boolean"));
        assertThat("s 1")
                .doesNotMatch(
                        headers.get("Vivarium-Session").getJsonObject("schema").getString("pattern"));
        assertThat(call.getValue("/responses/200/headers").asJsonObject()).containsOnlyKeys("X-Correlation-Id");
        assertThat(call.getValue("/responses/503/headers").asJsonObject())
                .containsOnlyKeys("X-Correlation-Id", "Retry-After");
        assertThat(document.getValue("/paths/~1pools/get/responses/429/headers").asJsonObject())
                .containsOnlyKeys("Retry-After");
    }

    @Test
    void query_parameters_have_types_and_ranges() {
        assertThat(document.getValue("/paths/~1pools~1{pool}~1calls/get/parameters/2/schema")
                        .asJsonObject())
                .containsEntry("type", Json.createValue("integer"))
                .containsEntry("maximum", Json.createValue(PageRequest.MOST));
        assertThat(texts(document.getValue("/paths/~1pools~1{pool}~1errors/get/parameters/1/schema/enum")))
                .containsExactly("1m", "5m", "15m");
    }

    @Test
    void a_service_that_is_not_ready_answers_likewise_with_503() {
        for (String question : List.of("ready", "started")) {
            JsonObject responses = document.getValue("/paths/~1health~1" + question + "/get/responses")
                    .asJsonObject();
            assertThat(responses.getValue("/503/content")).isEqualTo(responses.getValue("/200/content"));
        }
        assertThat(document.getValue("/paths/~1health~1live/get/responses").asJsonObject())
                .doesNotContainKey("503");
        assertThat(texts(schema("Status").getValue("/properties/status/enum"))).containsExactly("UP", "DOWN");
    }

    @Test
    void every_reference_leads_to_something() {
        List<String> references = references(document).toList();

        assertThat(references)
                .contains(
                        "#/components/schemas/PoolView",
                        "#/components/schemas/PoolTotals",
                        "#/components/schemas/Parameter");
        assertThat(references)
                .allSatisfy(reference ->
                        assertThat(document.getValue(reference.substring(1))).isNotNull());
    }

    private static Stream<String> references(JsonValue value) {
        return switch (value.getValueType()) {
            case OBJECT ->
                value.asJsonObject().entrySet().stream()
                        .flatMap(member -> member.getKey().equals("$ref")
                                ? Stream.of(((JsonString) member.getValue()).getString())
                                : references(member.getValue()));
            case ARRAY -> value.asJsonArray().stream().flatMap(OpenApiTest::references);
            case STRING, NUMBER, TRUE, FALSE, NULL -> Stream.empty();
        };
    }
}
