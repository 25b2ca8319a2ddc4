package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.EarOnServer;
import org.vivarium.it.support.OnServer;
import org.vivarium.it.support.ServerMemory;

/**
 * What is left of earlier deployments when the service was deployed, used and undeployed several times. How often is
 * the system property {@code vivarium.it.redeployments}; the figures of each time are in
 * {@code target/redeployments.txt}.
 */
@OnServer
@Order(Integer.MAX_VALUE - 1)
class RedeployIT {
    private static final int ROUNDS = Integer.getInteger("vivarium.it.redeployments", 5);

    /**
     * How many may stay, however often: idle threads of WildFly keep the task that they ran last, and with it the
     * application, up to ten for EJBs and some for requests; Payara's keep the class loader of whoever had them made;
     * the JDK keeps the record that was compared first last of all. Fewer rounds than that cannot tell a leak from it.
     */
    private static final int KEPT = "payara".equals(System.getProperty("arquillian.launch")) ? 3 : 16;

    /**
     * As many requests at a time as the server has threads: each thread keeps the last request that it served, and with
     * it the application, until the next.
     */
    private static final int BURST = 64;

    private static final DeployedVivarium VIVARIUM = DeployedVivarium.current();
    private static final List<ServerMemory> ROUNDS_SEEN = new ArrayList<>();

    @BeforeAll
    static void deploy_use_and_undeploy_several_times() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            if (i > 0) {
                EarOnServer.deploy();
            }
            use();
            EarOnServer.undeploy();
            ROUNDS_SEEN.add(ServerMemory.of(VIVARIUM.jmx()));
        }
        Files.write(
                Path.of("target/redeployments.txt"),
                ROUNDS_SEEN.stream().map(ServerMemory::toString).toList());
    }

    @AfterAll
    static void deploy_for_others() throws DeploymentException {
        EarOnServer.deploy();
        new DefaultPool(VIVARIUM).awaitWorkers(DefaultPool.WORKERS);
    }

    private static void use() throws Exception {
        new DefaultPool(VIVARIUM).awaitWorkers(DefaultPool.WORKERS);
        new DefaultPool(VIVARIUM).assertServes();
        assertThat(VIVARIUM.get("api/openapi").statusCode()).isEqualTo(200);
        var stream = VIVARIUM.request("api/pools/default/programs/stream_numbers")
                .header("Accept", "text/event-stream")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"amount\":20}"));
        assertThat(VIVARIUM.send(stream).body()).contains("event: end");
        assertThat(VIVARIUM.call("crash", "{}").statusCode()).isGreaterThanOrEqualTo(500);
        List<CompletableFuture<HttpResponse<String>>> burst = IntStream.range(0, BURST)
                .mapToObj(i -> VIVARIUM.begin("sleep", "{\"seconds\":0.01}"))
                .toList();
        for (CompletableFuture<HttpResponse<String>> one : burst) {
            assertThat(one.join().statusCode()).isEqualTo(200);
        }
    }

    @Test
    void class_loaders_do_not_become_more() {
        assumeThat(ROUNDS)
                .as("rounds, with -Dvivarium.it.redeployments=50: so few say nothing about class loaders")
                .isGreaterThan(KEPT);

        assertThat(last().copies())
                .as("deployments whose classes are still loaded, of %s: %s", ROUNDS, ROUNDS_SEEN)
                .isLessThanOrEqualTo(KEPT);
    }

    @Test
    void threads_and_descriptors_do_not_become_more() {
        ServerMemory first = ROUNDS_SEEN.get(0);

        assertThat(last().threads()).as("%s", ROUNDS_SEEN).isLessThanOrEqualTo(first.threads() + 20);
        assertThat(last().descriptors()).as("%s", ROUNDS_SEEN).isLessThanOrEqualTo(first.descriptors() + 10);
    }

    @Test
    void no_process_bean_or_thread_is_left() {
        assertThat(ROUNDS_SEEN).allSatisfy(seen -> {
            assertThat(seen.beans()).isZero();
            assertThat(seen.threadsOfOurs()).isEmpty();
        });
    }

    private static ServerMemory last() {
        return ROUNDS_SEEN.get(ROUNDS_SEEN.size() - 1);
    }
}
