package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.it.support.DefaultPool.eventually;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;

@OnServer
class LogIT {

    /** Of a span that the server makes, if it makes some. */
    private static final String TRACE = "( traceparent=00-[0-9a-f]{32}-[0-9a-f]{16}-0[01])?";

    private static final String TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLERS_SPAN = "00f067aa0ba902b7";

    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Test
    void lines_of_the_service_go_to_its_own_file_with_the_keys_that_find_a_call() throws IOException {
        assertThat(Files.readAllLines(vivarium.log()))
                .anyMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT\\S+ INFO  \\[.+] org\\.vivarium\\.\\S+ - .+"));
    }

    @Test
    void lines_that_a_program_prints_carry_the_keys_of_its_call() {
        var request = vivarium.request("api/pools/default/programs/print_noise")
                .header("Content-Type", "application/json")
                .header("Vivarium-Session", "s-log")
                .header("X-Correlation-Id", "c-log")
                .header("Vivarium-Project", "p-log")
                .header("Vivarium-Execution", "e-log")
                .header("Vivarium-Task", "t-log")
                .header("Vivarium-Node", "n-log")
                .POST(BodyPublishers.ofString("{\"megabytes\":0.001}"));

        assertThat(vivarium.send(request).statusCode()).isEqualTo(200);

        eventually(() -> assertThat(Files.readAllLines(vivarium.log()))
                .anyMatch(line -> line.matches(
                        "\\S+ INFO  \\[.+] pool=default worker=default-\\d+ program=print_noise session=s-log"
                                + " correlation_id=c-log project_id=p-log execution_id=e-log task_id=t-log node=n-log"
                                + TRACE
                                + " vivarium\\.python\\.default - stdout: The quick brown fox .+")));
    }

    @Test
    void lines_of_the_service_about_a_call_carry_its_keys_too() {
        var request = vivarium.request("api/pools/default/programs/crash")
                .header("Content-Type", "application/json")
                .header("X-Correlation-Id", "c-crash")
                .POST(BodyPublishers.ofString("{}"));

        assertThat(vivarium.send(request).statusCode()).isEqualTo(502);

        eventually(
                () -> assertThat(Files.readAllLines(vivarium.log()))
                        .anyMatch(
                                line -> line.matches(
                                        "\\S+ INFO  \\[.+] pool=default worker=default-\\d+ program=crash correlation_id=c-crash"
                                                + TRACE
                                                + " org\\.vivarium\\.core\\.call\\.CallEndings - pool 'default': discarding worker .+")));
    }

    @Test
    void a_call_goes_on_in_the_trace_of_its_caller_as_a_span_of_its_own_on_payara() {
        boolean makesSpans =
                System.getProperty("arquillian.launch").equals("payara"); // WildFly has no OpenTelemetry here
        var request = vivarium.request("api/pools/default/programs/print_noise")
                .header("Content-Type", "application/json")
                .header("X-Correlation-Id", "c-trace")
                .header("traceparent", "00-" + TRACE_ID + "-" + CALLERS_SPAN + "-01")
                .POST(BodyPublishers.ofString("{\"megabytes\":0.001}"));

        assertThat(vivarium.send(request).statusCode()).isEqualTo(200);

        String ofCaller = " correlation_id=c-trace traceparent=00-" + TRACE_ID + "-" + CALLERS_SPAN + "-";
        String ofSpan = " correlation_id=c-trace traceparent=00-" + TRACE_ID + "-(?!" + CALLERS_SPAN + ")[0-9a-f]{16}-";
        eventually(() -> assertThat(Files.readAllLines(vivarium.log()))
                .anyMatch(line ->
                        line.matches(".*" + (makesSpans ? ofSpan : ofCaller) + "0[01] .*stdout: The quick .*")));
    }
}
