package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import javax.management.JMException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;

/** What callers get from programs that do what programs should not, and that the pool works on. */
@OnServer
class MisbehaviourIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();
    private final DefaultPool pool = new DefaultPool(vivarium);

    @BeforeEach
    void restore() throws JMException, IOException {
        pool.restore();
    }

    @AfterEach
    void the_pool_works_afterwards() {
        pool.awaitWorkers(DefaultPool.WORKERS);
        pool.assertServes();
    }

    @Test
    void a_program_that_raises_is_answered_with_its_traceback() {
        Problem problem = Problem.of(vivarium.call("fail", "{\"message\":\"no luck\"}"), 500);

        assertThat(problem.category()).isEqualTo("program_error");
        assertThat(problem.type()).isEqualTo("RuntimeError");
        assertThat(problem.detail()).isEqualTo("no luck");
        assertThat(problem.json().getString("traceback")).contains("vivarium_examples.py", "raise RuntimeError");
        assertThat(problem.context("program")).isEqualTo("fail");
        assertThat(problem.context("worker")).startsWith("default-");
    }

    @Test
    void a_program_that_exits_is_answered_with_the_status() {
        Problem problem = Problem.of(vivarium.call("crash", "{\"code\":7}"), 502);

        assertThat(problem.category()).isEqualTo("communication_error");
        assertThat(problem.detail()).contains("exited with status 7 while it ran 'crash'");
    }

    @Test
    void a_program_that_crashes_is_answered_with_the_signal() {
        Problem problem = Problem.of(vivarium.call("crash", "{\"signal\":11}"), 502);

        assertThat(problem.category()).isEqualTo("communication_error");
        assertThat(problem.detail()).contains("was killed by signal 11 (SIGSEGV) while it ran 'crash'");
    }

    @Test
    void a_program_that_prints_megabytes_is_answered_as_usual() {
        long died = pool.read("Died");

        var answer = vivarium.call("print_noise", "{\"megabytes\":2}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(Answer.json(answer).asJsonObject().getInt("lines")).isGreaterThan(20_000);
        pool.assertServes();
        assertThat(pool.read("Died")).as("nobody died of it").isEqualTo(died);
    }

    @Test
    void a_program_that_does_not_end_is_answered_at_the_deadline() {
        for (String program : new String[] {"sleep", "spin"}) {
            var request = vivarium.request("api/pools/default/programs/" + program)
                    .header("Content-Type", "application/json")
                    .header("Vivarium-Timeout", "300")
                    .POST(BodyPublishers.ofString("{\"seconds\":60}"));

            Problem problem = Problem.of(vivarium.send(request), 504);

            assertThat(problem.category()).isEqualTo("timeout_error");
            assertThat(problem.type()).isEqualTo("CallTimeout");
            assertThat(problem.detail()).contains("did not end within 300 ms");
        }
    }

    @Test
    void inputs_that_do_not_fit_are_answered_with_the_field() {
        Problem problem = Problem.of(vivarium.call("statistics", "{\"numbers\":[1,\"two\"]}"), 422);

        assertThat(problem.category()).isEqualTo("validation_error");
        assertThat(problem.json().getString("field")).isEqualTo("numbers[1]");
    }
}
