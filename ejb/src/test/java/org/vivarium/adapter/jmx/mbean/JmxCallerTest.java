package org.vivarium.adapter.jmx.mbean;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import javax.management.JMX;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import javax.management.remote.JMXAuthenticator;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXConnectorServerFactory;
import javax.management.remote.JMXPrincipal;
import javax.management.remote.JMXServiceURL;
import javax.security.auth.Subject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.vivarium.api.Actor;

/** Who calls, as a bean on a real connector of RMI sees it. */
class JmxCallerTest {
    private static final String LOCAL =
            "local:" + ProcessHandle.current().info().user().orElseThrow();
    private static final String AUTHENTICATE = "com.sun.management.jmxremote.authenticate";
    private static final String CONFIG = "com.sun.management.config.file";

    private final MBeanServer server = MBeanServerFactory.newMBeanServer();
    private final JmxCaller caller = new JmxCaller(server);

    /** A bean that tells who asks. */
    public interface Asked {
        String getWho();
    }

    /** WildFly's management model, as far as it matters. */
    public interface Management {
        String whoami(Boolean verbose);
    }

    @AfterEach
    void forget() {
        System.clearProperty(AUTHENTICATE);
        System.clearProperty(CONFIG);
    }

    private String who() {
        Actor actor = caller.actor();
        return actor.name() + " by " + actor.origin() + " from " + actor.address();
    }

    @SuppressWarnings("BanJNDI") // the address is that of the connector in this test
    private String askedByRmi(Map<String, ?> environment) throws Exception {
        ObjectName name = new ObjectName("test:type=Asked");
        server.registerMBean(new StandardMBean(this::who, Asked.class), name);
        JMXConnectorServer connector = JMXConnectorServerFactory.newJMXConnectorServer(
                new JMXServiceURL("service:jmx:rmi://"), environment, server);
        connector.start();
        try (JMXConnector client = JMXConnectorFactory.connect(connector.getAddress())) {
            return JMX.newMBeanProxy(client.getMBeanServerConnection(), name, Asked.class)
                    .getWho();
        } finally {
            connector.stop();
            server.unregisterMBean(name);
        }
    }

    private static Map<String, ?> login(String... names) {
        JMXAuthenticator authenticator = credentials -> {
            Subject subject = new Subject();
            Set.of(names).forEach(name -> subject.getPrincipals().add(() -> name));
            subject.getPrincipals().add(new JMXPrincipal("ada"));
            return subject;
        };
        return Map.of(JMXConnectorServer.AUTHENTICATOR, authenticator);
    }

    @Test
    void a_login_by_rmi_is_told_by_its_jmx_principal_and_the_address_of_the_client() throws Exception {
        assertThat(askedByRmi(login("asadmin", "users"))).matches("ada by jmx from [0-9.]+");
    }

    @Test
    void who_comes_by_rmi_from_this_machine_without_a_login_is_the_user_of_the_server() throws Exception {
        assertThat(askedByRmi(Map.of())).matches(LOCAL + " by jmx from [0-9.]+");
    }

    @Test
    void he_is_unknown_if_the_agent_of_the_jvm_may_be_open_to_all() throws Exception {
        System.setProperty(CONFIG, "/etc/some.properties");
        assertThat(askedByRmi(Map.of())).matches("unknown by jmx from [0-9.]+");

        System.setProperty(AUTHENTICATE, "true");
        assertThat(askedByRmi(Map.of())).startsWith(LOCAL);
    }

    @Test
    void a_call_from_inside_the_jvm_is_by_somebody_unknown() {
        assertThat(who()).isEqualTo("unknown by jmx from null");
    }

    @Test
    void wildfly_is_asked_who_calls_by_its_management_interface() throws Exception {
        String[] answer = {""};
        server.registerMBean(
                new StandardMBean((Management) verbose -> answer[0], Management.class),
                new ObjectName("jboss.as:management-root=server"));

        answer[0] = "{\"identity\" => {\"username\" => \"grace \\\"the\\\" admiral\"}}";
        assertThat(who()).isEqualTo("grace \"the\" admiral by jmx from null");
        answer[0] = "{\"identity\" => {\"username\" => \"$local\"}}";
        assertThat(who()).isEqualTo(LOCAL + " by jmx from null");
        answer[0] = "{\"identity\" => {\"username\" => \"anonymous\"}}";
        assertThat(who()).isEqualTo("unknown by jmx from null");
        answer[0] = "{\"outcome\" => \"failed\"}";
        assertThat(who()).isEqualTo("unknown by jmx from null");
    }
}
