package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.vivarium.it.consumer.ConsumerRoot;
import org.vivarium.it.consumer.GreetingResource;
import org.vivarium.it.consumer.PythonResource;
import org.vivarium.it.support.ConsumerApplication;
import org.vivarium.it.support.DefaultPool;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.EarOnServer;
import org.vivarium.it.support.OnServer;

@OnServer
class ConsumerIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Deployment(testable = false)
    static WebArchive consumer() {
        return ConsumerApplication.war(
                "consumer",
                ConsumerRoot.class,
                GreetingResource.class,
                GreetingResource.Greeting.class,
                PythonResource.class,
                PythonResource.Sample.class,
                PythonResource.Statistics.class);
    }

    @Test
    void another_application_calls_python_through_an_injected_pool() {
        assertThat(get("greeting?text=hello")).isEqualTo("hello");
    }

    @Test
    void a_record_goes_to_python_and_another_one_comes_back() {
        assertThat(get("statistics?number=1&number=2.5&number=7"))
                .startsWith("Statistics[count=3, minimum=1.0, maximum=7.0, mean=3.5, deviation=2.5");
    }

    @ParameterizedTest
    @CsvSource({
        "program=fail, ProgramException program_error RuntimeError",
        "program=ecko, InvalidCallException validation_error UnknownProgram",
        "program=statistics, InvalidCallException validation_error InvalidInput",
        "program=crash, WorkerLostException communication_error WorkerLost",
        "program=sleep&seconds=60, CallTimeoutException timeout_error CallTimeout",
    })
    void a_failure_arrives_as_its_own_kind_of_exception(String query, String kind) {
        assertThat(get("failure?" + query)).isEqualTo(kind);
        new DefaultPool(vivarium).awaitWorkers(DefaultPool.WORKERS);
    }

    @Test
    void an_injected_pool_works_on_after_a_redeployment_of_the_service() throws DeploymentException {
        assertThat(get("greeting?text=before")).isEqualTo("before");
        EarOnServer.undeploy();
        assertThat(get("failure?program=echo")).isEqualTo("PoolResourceException resource_error ServiceUnavailable");

        EarOnServer.deploy();

        assertThat(get("greeting?text=after")).isEqualTo("after");
        new DefaultPool(vivarium).awaitWorkers(DefaultPool.WORKERS);
    }

    private String get(String path) {
        var answer = vivarium.send(HttpRequest.newBuilder(ConsumerApplication.uri("consumer", path)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }
}
