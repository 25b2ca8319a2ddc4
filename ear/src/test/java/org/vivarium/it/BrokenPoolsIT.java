package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.it.support.DefaultPool.eventually;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.it.support.Answer;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.Problem;

/** The broken pools of {@code src/test/home/vivarium.conf}, beside the good one. */
@OnServer
class BrokenPoolsIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Test
    void the_good_pool_works_beside_broken_ones() {
        new DefaultPool(vivarium).assertServes();
    }

    /** Columns: pool, what is wrong as it stands in the file, what is said of it, what to do. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "unknown-key | minimun | vivarium.pools.unknown-key.workers.minimun is not known | workers.minimum",
                "out-of-range | 100000 | workers.maximum must be auto, or a whole number from 1 to 256 workers | was \"100000\"",
                "no-interpreter | /nowhere | cannot start the Python interpreter '/nowhere/python3' | set python.interpreter",
                "shares-connection | [shares_conn | while module 'shares_connection' was imported: Unix socket without a name (2) | set python.start-method = spawn",
                "no-module | nobody_wrote | module 'module_that_nobody_wrote' does not import | correct python.path",
            })
    void a_broken_pool_says_what_is_wrong_and_where_and_what_to_do(
            String pool, String culprit, String what, String remedy) throws IOException {
        String[] message = {place(culprit) + ": ", what, remedy};
        eventually(() -> {
            JsonObject shown = Answer.json(vivarium.get("api/pools/" + pool)).asJsonObject();
            assertThat(shown.getString("state")).isEqualTo("BROKEN");
            assertThat(shown.getString("problem")).contains(message);
            var bean = new ObjectName("vivarium:type=Pool,pool=" + pool);
            assertThat((String) vivarium.jmx().getAttribute(bean, "Problem")).contains(message);
            assertThat(vivarium.jmx().getAttribute(bean, "State")).isEqualTo("BROKEN");
            assertThat(Files.readAllLines(vivarium.log()))
                    .anySatisfy(line -> assertThat(line)
                            .containsPattern("^\\S+ (WARN |ERROR) ")
                            .contains("pool '" + pool + "'")
                            .contains(message));
        });
    }

    @ParameterizedTest
    @CsvSource({"unknown-key, minimun", "no-interpreter, /nowhere", "no-module, nobody_wrote"})
    void a_call_of_a_broken_pool_is_told_the_same(String pool, String culprit) throws IOException {
        var request = vivarium.request("api/pools/" + pool + "/programs/echo")
                .header("Content-Type", "application/json")
                .header("Vivarium-Timeout", "300")
                .POST(BodyPublishers.ofString("{}"));

        assertThat(Problem.of(vivarium.send(request), 503).detail()).contains(place(culprit));
    }

    /** Returns file and line of what is wrong. */
    private String place(String culprit) throws IOException {
        Path file = vivarium.home().resolve("vivarium.conf");
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).contains(culprit)) {
                return file + ":" + (i + 1);
            }
        }
        throw new IllegalArgumentException(culprit + " is not in " + file);
    }
}
