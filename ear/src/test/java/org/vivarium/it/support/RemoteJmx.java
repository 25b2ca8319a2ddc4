package org.vivarium.it.support;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import org.jspecify.annotations.Nullable;

/**
 * A client of the server's own remote JMX connector, as operators elsewhere are: by the management interface of
 * WildFly, or by Payara's connector of RMI.
 *
 * @param who the name under which the change log should have what this client changes, with the door and the address
 */
public record RemoteJmx(JMXConnector connector, MBeanServerConnection server, String who) implements AutoCloseable {
    private static final ObjectName CHANGE_LOG = name("vivarium:type=ChangeLog");
    private static final int HTTP_PORT = 8080;
    private static final int WILDFLY_PORT = 9990;
    private static final int PAYARA_PORT = 8686;

    /** Logs in with a password: on WildFly as a user made for this, on Payara as the only one there is. */
    public static RemoteJmx withPassword() throws JMException, IOException {
        Path configuration = wildflyConfiguration();
        if (configuration == null) {
            String url = "service:jmx:rmi:///jndi/rmi://127.0.0.1:" + port(PAYARA_PORT) + "/jmxrmi";
            return connect(url, new String[] {"admin", ""}, "admin by jmx from 127.0.0.1");
        }
        String password = DeployedVivarium.current().password();
        addUser(configuration.resolve("mgmt-users.properties"), "ada", password);
        return connect(wildflyUrl(), new String[] {"ada", password}, "ada by jmx");
    }

    /** Comes without a password, which WildFly allows who may read the files of its user; on Payara like the other. */
    public static RemoteJmx withoutPassword() throws JMException, IOException {
        return wildflyConfiguration() == null ? withPassword() : connect(wildflyUrl(), null, localUser() + " by jmx");
    }

    /** Returns the name of whoever attaches to the server's process. */
    public static String localUser() {
        return "local:" + DeployedVivarium.current().server().info().user().orElseThrow();
    }

    private static @Nullable Path wildflyConfiguration() throws JMException, IOException {
        TabularData properties = (TabularData) DeployedVivarium.current()
                .jmx()
                .getAttribute(new ObjectName("java.lang:type=Runtime"), "SystemProperties");
        CompositeData found = properties.get(new Object[] {"jboss.server.config.dir"});
        return found == null ? null : Path.of((String) found.get("value"));
    }

    private static String wildflyUrl() {
        return "service:jmx:remote+http://127.0.0.1:" + port(WILDFLY_PORT);
    }

    private static int port(int standard) {
        return DeployedVivarium.current().uri("").getPort() - HTTP_PORT + standard;
    }

    /** What {@code add-user} does; the server of a test run is thrown away after it. */
    private static void addUser(Path users, String name, String password) throws IOException {
        String line = name + '=' + md5(name + ":ManagementRealm:" + password) + '\n';
        if (!Files.readString(users).contains(line)) {
            Files.writeString(users, '\n' + line, APPEND);
        }
    }

    private static String md5(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("BanJNDI") // an address of this machine
    private static RemoteJmx connect(String url, String @Nullable [] credentials, String who) throws IOException {
        Map<String, ?> environment = credentials == null ? Map.of() : Map.of(JMXConnector.CREDENTIALS, credentials);
        JMXConnector connector = JMXConnectorFactory.connect(new JMXServiceURL(url), environment);
        return new RemoteJmx(connector, connector.getMBeanServerConnection(), who);
    }

    /** Returns how many records the change log has. */
    public long records() throws JMException, IOException {
        return changes(1).stream()
                .mapToLong(change -> (Long) change.get("sequence"))
                .sum();
    }

    /** Returns the last records of the change log, the newest first, as this client reads them. */
    public List<CompositeData> changes(int count) throws JMException, IOException {
        Object[] arguments = {0L, count};
        String[] signature = {"long", "int"};
        return List.of((CompositeData[]) server.invoke(CHANGE_LOG, "changes", arguments, signature));
    }

    private static ObjectName name(String name) {
        try {
            return new ObjectName(name);
        } catch (JMException e) {
            throw new IllegalArgumentException(name, e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
