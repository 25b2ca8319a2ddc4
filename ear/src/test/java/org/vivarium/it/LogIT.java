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
                .POST(BodyPublishers.ofString("{\"megabytes\":0.001}"));

        assertThat(vivarium.send(request).statusCode()).isEqualTo(200);

        eventually(() -> assertThat(Files.readAllLines(vivarium.log()))
                .anyMatch(line -> line.matches(
                        "\\S+ INFO  \\[.+] pool=default worker=default-\\d+ program=print_noise session=s-log"
                                + " correlation_id=c-log"
                                + " vivarium\\.python\\.default - stdout: The quick brown fox .+")));
    }

    @Test
    void lines_of_the_service_about_a_call_carry_its_keys_too() {
        var request = vivarium.request("api/pools/default/programs/crash")
                .header("Content-Type", "application/json")
                .header("X-Correlation-Id", "c-crash")
                .POST(BodyPublishers.ofString("{}"));

        assertThat(vivarium.send(request).statusCode()).isEqualTo(502);

        eventually(() -> assertThat(Files.readAllLines(vivarium.log()))
                .anyMatch(line -> line.matches(
                        "\\S+ INFO  \\[.+] pool=default worker=default-\\d+ program=crash correlation_id=c-crash"
                                + " org\\.vivarium\\.core\\.pool\\.Execution - pool 'default': gives up worker .+")));
    }
}
