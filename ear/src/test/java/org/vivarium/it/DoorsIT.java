package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonArray;
import java.net.http.HttpRequest;
import java.util.List;
import javax.management.JMException;
import javax.management.openmbean.CompositeData;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.vivarium.it.consumer.ConsumerRoot;
import org.vivarium.it.consumer.DoorsResource;
import org.vivarium.it.consumer.Examples;
import org.vivarium.it.consumer.PythonResource;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.ConsumerApplication;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;

/** Streams, binary data, cancellation and injected interfaces, on a real server. */
@OnServer
class DoorsIT {

    private static final String CALLS = "api/pools/default/calls";

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final DefaultPool pool = new DefaultPool(vivarium);

    @Deployment(testable = false)
    static WebArchive consumer() {
        return ConsumerApplication.war(
                "doors",
                ConsumerRoot.class,
                DoorsResource.class,
                DoorsResource.Image.class,
                Examples.class,
                PythonResource.class,
                PythonResource.Sample.class,
                PythonResource.Statistics.class);
    }

    @Test
    void another_application_streams() {
        assertThat(get("stream?amount=5")).isEqualTo("0 1 2 3 4");
        awaitIdle();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 2_000_000})
    void another_application_sends_and_gets_binary_data(int size) {
        assertThat(get("binary?size=" + size)).isEqualTo("true true true");
    }

    @Test
    void another_application_cancels_what_it_began() {
        assertThat(get("cancel")).isEqualTo("true ok");
        awaitIdle();
    }

    @Test
    void an_annotated_interface_is_injected() {
        assertThat(get("proxy")).isEqualTo("2.0 1.5 [1, 2] [0, 1, 2]");
    }

    @Test
    void rest_streams_events_as_they_come() {
        var answer = vivarium.send(events("stream_numbers", "{\"amount\":2}"));

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
        assertThat(answer.headers().firstValue("X-Correlation-Id")).isPresent();
        assertThat(answer.body())
                .isEqualTo("event: chunk\ndata: 0\n\nevent: chunk\ndata: 1\n\nevent: end\ndata: {}\n\n");
    }

    @Test
    void rest_sends_each_event_at_once_and_a_client_that_leaves_cancels_the_call() {
        String first = vivarium.firstLineOf(events("stream_numbers", "{\"amount\":1000,\"pause_seconds\":0.2}"));

        assertThat(first).isEqualTo("event: chunk");
        awaitIdle();
    }

    @Test
    void rest_tells_the_progress_of_a_stream() {
        assertThat(vivarium.send(events("slow_steps", "{\"steps\":2,\"pause_seconds\":0.05}"))
                        .body())
                .startsWith("event: progress\ndata: {\"fraction\":0.5,\"message\":\"step 1 of 2\"}\n\n")
                .endsWith("event: chunk\ndata: {\"steps\":2}\n\nevent: end\ndata: {}\n\n");
    }

    @Test
    void rest_answers_a_stream_that_cannot_begin_as_a_problem() {
        Problem problem = Problem.of(vivarium.send(events("ecko", "{}")), 404);
        assertThat(problem.type()).isEqualTo("UnknownProgram");
        assertThat(Problem.of(vivarium.send(events("fail", "{}")), 500).type()).isEqualTo("RuntimeError");
    }

    @Test
    void rest_has_binary_results_as_base64_text() {
        assertThat(vivarium.call("echo_bytes", "{\"data\":\"AQID\"}").body()).isEqualTo("\"AQID\"");
    }

    @Test
    void an_operator_sees_a_call_and_cancels_it_by_rest() {
        var sleeping = vivarium.begin("sleep", "{\"seconds\":600}");
        String call = awaitCall();

        var refused =
                vivarium.send(vivarium.request("viewer", CALLS + "/" + call).DELETE());
        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(vivarium.send(vivarium.request(CALLS + "/" + call).DELETE()).statusCode())
                .isEqualTo(202);

        assertThat(Answer.json(sleeping.join()).asJsonObject().getString("type"))
                .isEqualTo("Cancelled");
        awaitIdle();
        assertThat(Problem.of(vivarium.send(vivarium.request(CALLS + "/" + call).DELETE()), 404)
                        .type())
                .isEqualTo("UnknownCall");
    }

    @Test
    void an_operator_sees_a_call_and_cancels_it_by_jmx() throws JMException, java.io.IOException {
        var sleeping = vivarium.begin("sleep", "{\"seconds\":600}");
        awaitCall();

        CompositeData[] rows = (CompositeData[])
                vivarium.jmx().invoke(DefaultPool.name("Calls"), "list", new Object[0], new String[0]);
        assertThat(List.of(rows))
                .singleElement()
                .satisfies(row -> assertThat(row.get("program")).isEqualTo("sleep"));
        Object[] arguments = {rows[0].get("call")};
        vivarium.jmx().invoke(DefaultPool.name("Calls"), "cancel", arguments, new String[] {String.class.getName()});

        assertThat(Answer.json(sleeping.join()).asJsonObject().getString("type"))
                .isEqualTo("Cancelled");
        awaitIdle();
    }

    private HttpRequest.Builder events(String program, String inputs) {
        return vivarium.request("api/pools/default/programs/" + program)
                .header("Content-Type", "application/json")
                .header("Accept", "text/event-stream")
                .POST(HttpRequest.BodyPublishers.ofString(inputs));
    }

    private String awaitCall() {
        DefaultPool.eventually(() -> assertThat(calls()).hasSize(1));
        return calls().getJsonObject(0).getString("id");
    }

    private JsonArray calls() {
        return Answer.json(vivarium.get(CALLS)).asJsonObject().getJsonArray("items");
    }

    private void awaitIdle() {
        DefaultPool.eventually(() -> assertThat(pool.read("Busy")).isZero());
        pool.awaitWorkers(DefaultPool.WORKERS);
    }

    private String get(String path) {
        var answer = vivarium.send(HttpRequest.newBuilder(ConsumerApplication.uri("doors", "doors/" + path)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
