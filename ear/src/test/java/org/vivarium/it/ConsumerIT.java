package org.vivarium.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.vivarium.it.consumer.ConsumerRoot;
import org.vivarium.it.consumer.GreetingResource;
import org.vivarium.it.support.ConsumerApplication;
import org.vivarium.it.support.DeployedVivarium;
import org.vivarium.it.support.OnServer;

@OnServer
class ConsumerIT {

    private final DeployedVivarium vivarium = DeployedVivarium.current();

    @Deployment(testable = false)
    static WebArchive consumer() {
        return ConsumerApplication.war(
                "consumer", ConsumerRoot.class, GreetingResource.class, GreetingResource.Greeting.class);
    }

    @Test
    void another_application_calls_python_through_an_injected_pool() {
        var address = ConsumerApplication.uri("consumer", "greeting?text=hello");
        var answer = vivarium.send(HttpRequest.newBuilder(address));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("hello");
    }
}
