package org.vivarium.api.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.naming.NameNotFoundException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.api.InvalidCallException;
import org.vivarium.api.PoolQueries;
import org.vivarium.api.PythonException;
import org.vivarium.api.PythonPool;
import org.vivarium.api.client.bridge.Bridge;
import org.vivarium.api.client.bridge.BridgeConnection;

class AdapterOperationsTest {
    private static final byte[] EMPTY = "{}".getBytes(UTF_8);

    private final FakeService service = new FakeService();
    private final PythonPool pool = new BridgedPool("default", new BridgeConnection(() -> service));

    @Test
    void a_program_is_executed_with_maps_alone() {
        service.answers.add("{\"answer\":\"42\"}".getBytes(UTF_8));

        Map<String, Object> outputs = pool.executeProgram("qa", Map.of("question", "?"), Map.of());

        assertThat(outputs).isEqualTo(Map.of("answer", "42"));
        assertThat(service.lastInputs()).isEqualTo("{\"question\":\"?\"}");
        assertThat(service.lastArguments).startsWith("default", "qa").endsWith(null, 0, Map.of());
    }

    @Test
    void a_result_that_is_no_object_is_the_member_result() {
        service.answers.add("\"text\"".getBytes(UTF_8));

        assertThat(pool.executeProgram("p", Map.of(), Map.of())).isEqualTo(Map.of("result", "text"));
    }

    @Test
    void every_option_arrives() {
        service.answers.add("{}".getBytes(UTF_8));

        pool.executeProgram(
                "qa",
                Map.of(),
                Map.of(
                        "pool_name", "models",
                        "timeout_millis", 1500,
                        "priority", 7L,
                        "key", "k",
                        "idempotent", false,
                        "session_id", "s1",
                        "correlation_id", "c1",
                        "node", "n1"));

        assertThat(service.lastArguments)
                .startsWith("models", "qa")
                .endsWith(1500L, 7, Map.of("session", "s1", "correlation_id", "c1", "node", "n1"), "k", false, null);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "timeout | 5 | there is no option 'timeout'; there are: baggage, correlation_id, execution_id, idempotent, key, node, pool_name, priority, project_id, session_id, task_id, timeout_millis, traceparent, tracestate",
                "timeout_millis | x | option 'timeout_millis' must be a whole number, was x",
                "priority | 1.5 | option 'priority' must be a whole number, was 1.5",
                "priority | 101 | priority must be from -100 to 100, was 101",
                "session_id | 7 | option 'session_id' must be text, was 7",
            })
    void an_option_that_is_not_known_or_not_right_is_refused(String name, String value, String problem) {
        Object typed = value.matches("[0-9.]+") ? (Object) Double.valueOf(value) : value;
        if (name.equals("session_id") || value.equals("101")) {
            typed = Integer.valueOf(value);
        }
        Object option = typed;

        assertThatThrownBy(() -> pool.executeProgram("p", Map.of(), Map.of(name, option)))
                .isInstanceOf(InvalidCallException.class)
                .hasMessage(problem)
                .extracting(e -> ((PythonException) e).type())
                .isEqualTo("InvalidOption");
        assertThat(service.calls).isZero();
    }

    @Test
    void health_and_statistics_are_what_the_service_says_of_the_pool_that_is_meant() {
        service.answers.add(new Object[] {Map.of("status", "ok")});
        assertThat(pool.healthCheck(Map.of())).containsEntry("status", "ok");
        assertThat(service.lastOperation).isEqualTo("health");
        assertThat(service.lastArguments).containsExactly("default");

        service.answers.add(new Object[] {Map.of("pool", "models")});
        assertThat(pool.getStats(Map.of("pool_name", "models", "workers", true)))
                .containsEntry("pool", "models");
        assertThat(service.lastArguments).containsExactly("models", true);
        assertThatThrownBy(() -> pool.getStats(Map.of("layers", true)))
                .isInstanceOf(InvalidCallException.class)
                .hasMessage("there is no option 'layers'; there are: pool_name, workers");
    }

    @Test
    void metrics_are_asked_for_by_name_and_answered_as_maps_in_which_no_data_is_null() {
        PoolQueries queries = pool.queries();
        service.answers.add(
                "{\"pool\":\"default\",\"window\":{\"calls\":{\"samples\":3,\"errorRate\":null}}}".getBytes(UTF_8));

        assertThat(queries.metrics("5m"))
                .containsEntry("pool", "default")
                .extractingByKey("window")
                .extracting("calls")
                .satisfies(calls -> assertThat((Map<?, ?>) calls)
                        .isEqualTo(mapOf("samples", BigDecimal.valueOf(3), "errorRate", null)));
        assertThat(service.lastOperation).isEqualTo("query");
        assertThat(service.lastArguments).containsExactly("default", "metrics", Map.of("window", "5m"));
    }

    private static Map<Object, Object> mapOf(Object first, Object one, Object second, Object two) {
        Map<Object, Object> map = new HashMap<>();
        map.put(first, one);
        map.put(second, two);
        return map;
    }

    @Test
    void each_query_has_its_arguments_as_text() {
        PoolQueries queries = pool.queries();
        Instant from = Instant.parse("2026-11-21T10:00:00Z");
        service.answers.addAll(List.of(EMPTY, EMPTY, EMPTY, EMPTY));

        queries.range(from, from.plusSeconds(60), Duration.ofSeconds(5));
        assertThat(service.lastArguments)
                .endsWith(
                        "range", Map.of("from", "2026-11-21T10:00:00Z", "to", "2026-11-21T10:01:00Z", "step", "PT5S"));
        queries.worker("default-1", "1m");
        assertThat(service.lastArguments).endsWith("worker", Map.of("worker", "default-1", "window", "1m"));
        queries.errors("15m");
        assertThat(service.lastArguments).endsWith("errors", Map.of("window", "15m"));
        queries.summary();
        assertThat(service.lastArguments).endsWith("summary", Map.of());
    }

    @Test
    void a_service_that_is_gone_is_an_answer_to_a_health_check() {
        PythonPool orphan = new BridgedPool("default", new BridgeConnection(() -> {
            throw new NameNotFoundException(Bridge.JNDI_NAME);
        }));

        assertThat(orphan.healthCheck(Map.of()))
                .containsEntry("status", "error")
                .containsEntry("pool", "default")
                .hasEntrySatisfying(
                        "message", message -> assertThat((String) message).contains("not deployed"));
    }
}
