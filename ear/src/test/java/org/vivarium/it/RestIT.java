package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.it.support.DefaultPool.eventually;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Arrays;
import javax.management.JMException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;

@OnServer
class RestIT {

    private static final int MEBIBYTE = 1 << 20;
    private static final String CONFIG = "api/pools/default/config";

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final DefaultPool pool = new DefaultPool(vivarium);

    @BeforeEach
    @AfterEach
    void restore() throws JMException, IOException {
        pool.restore();
    }

    @Test
    void a_call_is_answered_with_the_correlation_id_that_it_came_with() {
        var request = vivarium.request("api/pools/default/programs/echo")
                .header("Content-Type", "application/json")
                .header("X-Correlation-Id", "c-1")
                .POST(BodyPublishers.ofString("{\"text\":\"hüllo\"}"));

        var answer = vivarium.send(request);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"text\":\"hüllo\"}");
        assertThat(answer.headers().firstValue("X-Correlation-Id")).contains("c-1");
    }

    @Test
    void pools_workers_and_programs_are_listed() {
        JsonObject shown = object(vivarium.get("api/pools/default"));
        assertThat(shown.getString("state")).isEqualTo("RUNNING");
        assertThat(shown.getInt("ready")).isEqualTo(DefaultPool.WORKERS);
        var workers = Answer.json(vivarium.get("api/pools/default/workers")).asJsonArray();
        assertThat(workers)
                .extracting(worker -> worker.asJsonObject().getJsonNumber("pid").longValue())
                .containsExactlyInAnyOrderElementsOf(pool.processes());
        var programs = Answer.json(vivarium.get("api/pools/default/programs")).asJsonArray();
        assertThat(programs)
                .extracting(program -> program.asJsonObject().getString("name"))
                .contains("echo", "statistics", "crash");
    }

    @Test
    void the_numbers_of_calls_are_answered_as_json_and_for_prometheus() {
        pool.assertServes();

        eventually(() -> {
            JsonObject shown = object(vivarium.get("api/pools/default/metrics?window=5m"));
            assertThat(shown.getJsonObject("window").getJsonObject("calls").getInt("samples"))
                    .isPositive();
            assertThat(vivarium.get("api/metrics").body())
                    .contains("vivarium_pool_samples{pool=\"default\",window=\"5m\"} ")
                    .contains("vivarium_program_calls_total{pool=\"default\",program=\"");
        });
        assertThat(object(vivarium.get("api/pools/default/errors")).getString("window"))
                .isEqualTo("1m");
        assertThat(Problem.of(vivarium.get("api/pools/default/metrics?window=2m"), 422)
                        .detail())
                .isEqualTo("window must be one of 1m, 5m, 15m, was \"2m\"");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, api/pools/nobody, UnknownPool, there is no pool 'nobody'",
        "POST, api/pools/nobody/programs/echo, UnknownPool, there is no pool 'nobody'",
        "POST, api/pools/default/programs/ecko, UnknownProgram, has no program 'ecko'",
        "GET, api/pools/default/workers/default-0, UnknownWorker, has no worker 'default-0'",
        "POST, api/pools/default/workers/default-0/recycle, UnknownWorker, has no worker 'default-0'",
        "GET, api/nothing, NotFound, /vivarium/api/openapi",
    })
    void what_is_not_there_is_a_problem_that_names_it(String method, String path, String type, String detail) {
        var request = vivarium.request(path)
                .header("Content-Type", "application/json")
                .method(method, method.equals("GET") ? BodyPublishers.noBody() : BodyPublishers.ofString("{}"));

        Problem problem = Problem.of(vivarium.send(request), 404);

        assertThat(problem.type()).isEqualTo(type);
        assertThat(problem.detail()).contains(detail);
    }

    @Test
    void a_method_that_a_path_does_not_take_is_a_problem_that_names_those_it_takes() {
        var answer = vivarium.send(vivarium.request("api/pools/default").DELETE());

        Problem.of(answer, 405);
        assertThat(answer.headers().firstValue("Allow").orElse("")).contains("GET");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"MinimumWorkers\":0} | MinimumWorkers must be a whole number from 1 to 256 workers, was 0",
                "{\"MinimumWorkers\":\"many\"} | MinimumWorkers must be a whole number from 1 to 256 workers",
                "{\"MinimumWorkers\":3,\"QueueLimit\":-1} | QueueLimit must be a whole number from 0 to 100000 calls",
                "{\"MinimumWorker\":3} | there is no parameter MinimumWorker",
            })
    void a_parameter_that_cannot_be_is_refused_by_its_name_and_nothing_changes(String change, String detail) {
        String before = vivarium.get(CONFIG).body();

        assertThat(Problem.of(vivarium.patch(CONFIG, change), 422).detail()).contains(detail);

        assertThat(vivarium.get(CONFIG).body()).isEqualTo(before);
    }

    @Test
    void a_parameter_is_changed_and_shown_as_different_from_the_file() {
        assertThat(parameter(vivarium.get(CONFIG), "QueueLimit").getBoolean("differsFromFile"))
                .isFalse();

        assertThat(vivarium.patch(CONFIG, "{\"QueueLimit\":7}").statusCode()).isEqualTo(200);
        JsonObject changed = parameter(vivarium.get(CONFIG), "QueueLimit");

        assertThat(changed.getInt("value")).isEqualTo(7);
        assertThat(changed.getInt("fileValue")).isEqualTo(1000);
        assertThat(changed.getString("unit")).isEqualTo("calls");
        assertThat(changed.getBoolean("differsFromFile")).isTrue();
        assertThat(pool.parameter("QueueLimit")).isEqualTo(7);
        assertThat(vivarium.patch(CONFIG, "{\"QueueLimit\":1000}").statusCode()).isEqualTo(200);
    }

    @Test
    void the_number_of_processes_follows_a_resize() {
        assertThat(vivarium.post("api/pools/default/resize", "{\"size\":4}").statusCode())
                .isEqualTo(202);
        pool.awaitWorkers(4);

        Problem refused = Problem.of(vivarium.post("api/pools/default/resize", "{\"size\":5}"), 422);
        assertThat(refused.detail()).isEqualTo("size must be from MinimumWorkers = 2 to MaximumWorkers = 4, was 5");
        assertThat(Problem.of(vivarium.post("api/pools/default/resize", "{}"), 422)
                        .detail())
                .contains("size");
    }

    @Test
    void a_rolling_restart_brings_a_new_generation_of_workers() {
        int generation = object(vivarium.get("api/pools/default")).getInt("generation");

        assertThat(vivarium.post("api/pools/default/rolling-restart", "{}").statusCode())
                .isEqualTo(202);

        DefaultPool.eventually(() -> {
            JsonObject shown = object(vivarium.get("api/pools/default"));
            assertThat(shown.getInt("generation")).isEqualTo(generation + 1);
            assertThat(shown.getJsonObject("rollout").getString("state")).isEqualTo("DONE");
        });
        assertThat(Answer.json(vivarium.get("api/pools/default/workers")).asJsonArray())
                .extracting(worker -> worker.asJsonObject().getInt("generation"))
                .containsOnly(generation + 1);
        pool.assertServes();
    }

    @Test
    void a_drained_pool_refuses_calls_until_it_is_resumed() {
        assertThat(vivarium.post("api/pools/default/drain", "{}").statusCode()).isEqualTo(202);
        Problem refused = Problem.of(vivarium.call("echo", "{}"), 503);
        assertThat(refused.type()).isEqualTo("PoolDrained");

        assertThat(vivarium.post("api/pools/default/resume", "{}").statusCode()).isEqualTo(202);
        pool.assertServes();
    }

    @Test
    void a_body_of_eleven_megabytes_goes_to_python_and_back() {
        String inputs = "{\"text\":\"" + "x".repeat(11_000_000) + "\"}";

        var answer = vivarium.call("echo", inputs);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).hasSameSizeAs(inputs);
    }

    @Test
    void a_body_above_64_mebibytes_is_refused_by_the_service_itself() {
        byte[] body = new byte[64 * MEBIBYTE + 1];
        Arrays.fill(body, (byte) ' ');
        var request = vivarium.request("api/pools/default/programs/echo")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));

        Problem problem = Problem.of(vivarium.send(request), 413);

        assertThat(problem.detail()).isEqualTo("the body is longer than 67108864 bytes");
        pool.assertServes();
    }

    @Test
    void a_body_that_is_no_object_is_refused() {
        assertThat(Problem.of(vivarium.call("echo", "{\"text\":"), 400).type()).isEqualTo("MalformedJson");
        assertThat(Problem.of(vivarium.call("echo", "[1]"), 422).type()).isEqualTo("InvalidInput");
        String deep = "{\"text\":" + "[".repeat(100_000) + "]".repeat(100_000) + '}';
        assertThat(Problem.of(vivarium.call("echo", deep), 400).type()).isEqualTo("MalformedJson");
    }

    @Test
    void what_is_not_acceptable_is_a_problem_that_names_the_types_of_the_path() {
        var metrics = vivarium.send(vivarium.request("api/metrics").header("Accept", "image/png"));
        assertThat(Problem.of(metrics, 406).detail())
                .startsWith("the response is ")
                .contains("text/plain")
                .doesNotContain("json");

        var call = vivarium.request("api/pools/default/programs/echo")
                .header("Content-Type", "application/json")
                .header("Accept", "image/png")
                .POST(BodyPublishers.ofString("{}"));
        assertThat(Problem.of(vivarium.send(call), 406).detail())
                .isEqualTo("the response is application/json or text/event-stream, which the Accept header excludes");
    }

    @Test
    void a_header_that_cannot_go_into_logs_is_refused_by_its_name_before_the_call_is_made() {
        var request = vivarium.request("api/pools/default/programs/echo")
                .header("Content-Type", "application/json")
                .header("Vivarium-Project", "p 1")
                .POST(BodyPublishers.ofString("{}"));

        assertThat(Problem.of(vivarium.send(request), 422).detail())
                .isEqualTo("Vivarium-Project must be 1 to 200 printable ASCII characters without blanks");
    }

    @Test
    void the_interface_describes_itself() {
        JsonObject document = object(vivarium.get("api/openapi"));

        assertThat(document.getString("openapi")).startsWith("3.");
        assertThat(document.getJsonObject("paths").keySet())
                .contains("/pools", "/pools/{pool}/programs/{program}", "/pools/{pool}/config", "/health/live");
    }

    @Test
    void readiness_is_down_while_a_pool_cannot_serve_but_the_service_is_alive_and_started() {
        // Beside the good pool there are broken ones, see src/test/home.
        assertThat(vivarium.getAnonymously("api/health/live").body()).isEqualTo("{\"status\":\"UP\"}");
        assertThat(vivarium.getAnonymously("api/health/started").statusCode()).isEqualTo(200);
        var ready = vivarium.getAnonymously("api/health/ready");
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).isEqualTo("{\"status\":\"DOWN\"}");
    }

    @Test
    void a_viewer_is_told_which_pools_cannot_serve_and_nobody_else_is() {
        JsonObject told = Answer.json(vivarium.send(
                        vivarium.request("viewer", "api/health/ready").GET()))
                .asJsonObject();
        assertThat(told.getString("status")).isEqualTo("DOWN");
        assertThat(told.getJsonObject("pools"))
                .containsEntry("unknown-key", Json.createValue("BROKEN"))
                .doesNotContainKey("default");

        var caller =
                vivarium.send(vivarium.request("caller", "api/health/ready").GET());
        assertThat(caller.body()).isEqualTo("{\"status\":\"DOWN\"}");
        var wrong = vivarium.send(HttpRequest.newBuilder(vivarium.uri("api/health/ready"))
                .header("Authorization", "Basic YWRtaW46d3Jvbmc=")); // admin:wrong
        assertThat(wrong.statusCode()).isEqualTo(503);
        assertThat(wrong.body()).isEqualTo("{\"status\":\"DOWN\"}");
    }

    @Test
    void a_breaker_is_opened_and_closed_by_hand() {
        String breaker = "api/pools/default/breakers/fail/";
        assertThat(vivarium.post(breaker + "open", "").statusCode()).isEqualTo(204);
        try {
            assertThat(breaker("fail").getString("state")).isEqualTo("OPEN");
            assertThat(Problem.of(vivarium.call("fail", "{}"), 503).type()).isEqualTo("BreakerOpen");
        } finally {
            assertThat(vivarium.post(breaker + "close", "").statusCode()).isEqualTo(204);
        }
        assertThat(breaker("fail").getString("state")).isEqualTo("CLOSED");
        assertThat(Problem.of(vivarium.post("api/pools/default/breakers/ecco/open", ""), 404)
                        .type())
                .isEqualTo("UnknownProgram");
    }

    @Test
    void a_python_logger_is_given_a_level_and_the_one_of_its_program_again() {
        String logger = "api/pools/default/loggers/crm.db";
        assertThat(put(logger, "{\"level\":\"debug\"}").statusCode()).isEqualTo(204);
        try {
            assertThat(vivarium.get("api/pools/default/loggers").body())
                    .isEqualTo("[{\"logger\":\"crm.db\",\"level\":\"DEBUG\"}]");
        } finally {
            assertThat(vivarium.send(vivarium.request(logger).DELETE()).statusCode())
                    .isEqualTo(204);
        }
        assertThat(vivarium.get("api/pools/default/loggers").body()).isEqualTo("[]");
        assertThat(Problem.of(put(logger, "{\"level\":\"LOUD\"}"), 422).detail())
                .isEqualTo("level must be one of [TRACE, DEBUG, INFO, WARN, ERROR], was LOUD");
        assertThat(Problem.of(put(logger, "{}"), 422).detail())
                .isEqualTo("the body must have the member level, a text");
    }

    private HttpResponse<String> put(String path, String json) {
        return vivarium.send(vivarium.request(path)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    private JsonObject breaker(String program) {
        return Answer.json(vivarium.get("api/pools/default/breakers")).asJsonArray().stream()
                .map(JsonValue::asJsonObject)
                .filter(each -> each.getString("program").equals(program))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoever_asks_is_told_who_he_is_and_what_he_may() {
        JsonObject me =
                object(vivarium.send(vivarium.request("operator", "api/me").GET()));

        assertThat(me.getString("name")).isEqualTo("operator");
        assertThat(me.getJsonArray("roles"))
                .extracting(role -> ((JsonString) role).getString())
                .containsExactly("vivarium-viewer", "vivarium-operator");
        assertThat(me.getJsonArray("pools")).contains(Json.createValue("default"));
    }

    private static JsonObject parameter(HttpResponse<String> answer, String attribute) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Answer.json(answer).asJsonArray().stream()
                .map(JsonValue::asJsonObject)
                .filter(each -> each.getString("attribute").equals(attribute))
                .findFirst()
                .orElseThrow();
    }

    private static JsonObject object(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return Answer.json(answer).asJsonObject();
    }
}
