package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.vivarium.it.support.DefaultPool.eventually;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.management.JMException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;

/** What callers see while WildFly finishes calls before it ends; Payara has no such state. */
@OnServer
@EnabledIfSystemProperty(named = "arquillian.launch", matches = "wildfly")
class SuspendIT {
    private static final DeployedVivarium VIVARIUM = DeployedVivarium.current();

    private final DefaultPool pool = new DefaultPool(VIVARIUM);
    private CompletableFuture<HttpResponse<String>> running;

    @BeforeEach
    void suspend_while_a_call_runs() throws Exception {
        running = VIVARIUM.begin("sleep", "{\"seconds\":3}");
        eventually(() -> assertThat(pool.read("Busy")).isEqualTo(1));
        invoke("suspend", new Object[] {0, 0}, new String[] {Integer.class.getName(), Integer.class.getName()});
    }

    @AfterEach
    void resume() throws Exception {
        invoke("resume", new Object[0], new String[0]);
        eventually(() -> assertThat(VIVARIUM.getAnonymously("api/health/live").statusCode())
                .isEqualTo(200));
    }

    @Test
    void what_comes_is_refused_with_a_problem_document_and_what_runs_is_finished() {
        for (HttpResponse<String> refused :
                List.of(VIVARIUM.call("echo", "{}"), VIVARIUM.getAnonymously("api/health/live"), VIVARIUM.get(""))) {
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(refused.body()).startsWith("{\"type\":\"ServiceUnavailable\"");
        }

        assertThat(running)
                .succeedsWithin(Duration.ofSeconds(30))
                .satisfies(answer -> assertThat(answer.statusCode()).isEqualTo(200));
    }

    private static void invoke(String operation, Object[] arguments, String[] types) throws IOException, JMException {
        VIVARIUM.jmx().invoke(new ObjectName("jboss.as:management-root=server"), operation, arguments, types);
    }
}
