package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.it.support.DefaultPool.eventually;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import javax.management.ObjectName;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.EarOnServer;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.PythonProcesses;

/** What is left on a server when the service has gone from it; the last class, because the service stays away. */
@OnServer
@Order(Integer.MAX_VALUE)
class UndeployIT {

    /** What the other tests provoke. */
    private static final List<Pattern> PROVOKED = List.of(
            Pattern.compile("pool '(unknown-key|out-of-range)' cannot start"),
            Pattern.compile("pool '(no-interpreter|no-module)': worker \\S+ could not start"),
            Pattern.compile("pool 'shares-connection': worker \\S+ could not be forked"),
            Pattern.compile("pool 'default': worker \\S+ \\(pid \\d+\\) (was killed by signal|exited with status)"),
            Pattern.compile("pool 'default': program 'crash' is isolated"),
            Pattern.compile("event=resource\\.stopped .*pool=default"), // ResourcesIT stops a worker
            Pattern.compile("worker \\S+ printed and logged more than"), // MisbehaviourIT has it print without end
            Pattern.compile(
                    "the configuration on the disk is not used, .* vivarium\\.pool is not known"), // ConfigurationIT
            Pattern.compile("refused a login from"));

    private static final DeployedVivarium VIVARIUM = DeployedVivarium.current();

    private static int linesBefore;
    private static List<CompletableFuture<HttpResponse<String>>> calls = List.of();

    @BeforeAll
    static void take_the_service_away() throws Exception {
        new DefaultPool(VIVARIUM).awaitWorkers(DefaultPool.WORKERS);
        calls = List.of(VIVARIUM.begin("sleep", "{\"seconds\":600}"), VIVARIUM.begin("spin", "{\"seconds\":600}"));
        eventually(() -> assertThat(new DefaultPool(VIVARIUM).read("Busy")).isEqualTo(2));
        linesBefore = Files.readAllLines(VIVARIUM.log()).size();
        EarOnServer.undeploy();
    }

    @Test
    void no_bean_is_left() throws Exception {
        assertThat(VIVARIUM.jmx().queryNames(new ObjectName("vivarium:*"), null))
                .isEmpty();
        assertThat(VIVARIUM.jmx().queryNames(new ObjectName("vivarium.metrics:*"), null))
                .isEmpty();
        assertThat(VIVARIUM.jmx().queryNames(new ObjectName("java.lang:*"), null))
                .as("the connection itself works")
                .isNotEmpty();
    }

    @Test
    void no_python_process_is_left_not_even_of_busy_workers() {
        assertThat(PythonProcesses.all(VIVARIUM.server())).isEmpty();
    }

    @Test
    void running_calls_come_to_an_end() {
        assertThat(calls).hasSize(2);
        for (var call : calls) { // in which way is the server's choice: it may close the connection first
            assertThat(call.handle((answer, failure) -> failure != null || answer.statusCode() >= 500))
                    .succeedsWithin(Duration.ofSeconds(30))
                    .isEqualTo(true);
        }
    }

    @Test
    void the_end_is_quiet_and_the_last_line_says_so() throws IOException {
        List<String> lines = Files.readAllLines(VIVARIUM.log());
        List<String> written = lines.subList(linesBefore, lines.size());

        assertThat(written)
                .filteredOn(line -> !line.contains("pool 'no-")) // broken ones try again until the very end
                .noneMatch(line -> line.matches("\\S+ (WARN |ERROR) .*"));
        assertThat(written.get(written.size() - 1)).endsWith("ServiceBoot - Vivarium has stopped");
    }

    @Test
    void the_service_warned_of_nothing_but_what_tests_provoked() throws IOException {
        assertThat(Files.readAllLines(VIVARIUM.log()))
                .filteredOn(line -> line.matches("\\S+ (WARN |ERROR) .*"))
                .allMatch(line ->
                        PROVOKED.stream().anyMatch(known -> known.matcher(line).find()));
    }

    @Test
    void no_log_has_a_stack_of_ours() throws IOException {
        for (Path log : List.of(VIVARIUM.log(), VIVARIUM.serverLog())) {
            assertThat(Files.readAllLines(log))
                    .as(log.toString())
                    .isNotEmpty()
                    .noneMatch(line -> line.matches(".*\\sat (\\S*/)?org\\.vivarium\\..*"));
        }
        assertThat(Files.readAllLines(VIVARIUM.log())).noneMatch(line -> line.matches("(\\s+at |Caused by: ).*"));
    }
}
