package org.vivarium.adapter.jmx.mbean;

import static java.util.Objects.requireNonNull;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.rmi.server.RemoteServer;
import java.rmi.server.ServerNotActiveException;
import java.security.AccessController;
import java.security.Principal;
import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.remote.JMXPrincipal;
import javax.security.auth.Subject;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.vivarium.api.Actor;

/**
 * Tells who calls a bean on the current thread, as far as the server lets it be known; what is not known is
 * {@value #UNKNOWN}, and never guessed.
 *
 * <ul>
 *   <li>By a connector of RMI, such as Payara's: the principal of its login, and the client's address.
 *   <li>By the management interface of WildFly: the user that the server itself names; without an address, which it
 *       keeps to itself.
 *   <li>By a local attach, or as WildFly's {@code $local}: {@code local:} and the user that the server runs as. Both
 *       prove to be that user, or root, and nothing else. It is taken for a local attach if it comes by RMI from this
 *       machine without a login, unless the JVM's own remote agent may be open without one.
 *   <li>From inside the JVM, through the platform's MBean server: {@value #UNKNOWN} without an address, unless the
 *       thread runs as a {@link Subject}.
 * </ul>
 *
 * Thread safe.
 */
public final class JmxCaller {
    /** The name of whoever cannot be told. */
    public static final String UNKNOWN = "unknown";

    private static final Logger LOG = LoggerFactory.getLogger(JmxCaller.class);
    private static final String DOOR = "jmx";
    private static final String WILDFLY_LOCAL_USER = "$local";
    private static final String WILDFLY_NOBODY = "anonymous";
    private static final Pattern WILDFLY_USER = Pattern.compile("\"username\" => \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final String AGENT = "com.sun.management.";

    private final MBeanServer server;
    private final String localUser;

    /** Takes the server that the beans are registered with. */
    public JmxCaller(MBeanServer server) {
        this.server = requireNonNull(server, "server");
        this.localUser = "local:" + ProcessHandle.current().info().user().orElse(System.getProperty("user.name"));
    }

    /** Returns who makes the call that the current thread carries out. */
    public Actor actor() {
        String address = address();
        String principal = principal();
        if (principal == null) {
            principal = address == null ? wildflyUser() : localUser(address);
        }
        return new Actor(principal == null ? UNKNOWN : principal, DOOR, address);
    }

    private @Nullable String localUser(String address) {
        return isOfThisMachine(address) && !isAgentOpen() ? localUser : null;
    }

    private static @Nullable String address() {
        try {
            return RemoteServer.getClientHost();
        } catch (ServerNotActiveException notByRmi) {
            return null;
        }
    }

    private static @Nullable String principal() {
        Subject subject = subject();
        return subject == null
                ? null
                : subject.getPrincipals().stream()
                        .sorted(Comparator.comparing(each -> !(each instanceof JMXPrincipal))) // the standard one first
                        .map(Principal::getName)
                        .filter(name -> !name.isBlank())
                        .findFirst()
                        .orElse(null);
    }

    /** The new way does not exist before JDK 18, and the old one fails from JDK 24 on. */
    @SuppressWarnings("removal")
    private static @Nullable Subject subject() {
        try {
            return (Subject) Subject.class.getMethod("current").invoke(null);
        } catch (NoSuchMethodException e) {
            return Subject.getSubject(AccessController.getContext());
        } catch (ReflectiveOperationException e) {
            LOG.debug("cannot tell the subject of this thread", e);
            return null;
        }
    }

    private static boolean isOfThisMachine(String address) {
        try {
            InetAddress from = InetAddress.getByName(address); // RMI gives it in digits: nothing is looked up
            return from.isLoopbackAddress() || NetworkInterface.getByInetAddress(from) != null;
        } catch (UnknownHostException | SocketException e) {
            LOG.debug("cannot tell whether {} is an address of this machine", address, e);
            return false;
        }
    }

    /** Returns whether others than local users may come without a login: files may say so, which are not read here. */
    private static boolean isAgentOpen() {
        boolean configured = System.getProperty(AGENT + "jmxremote.port") != null
                || System.getProperty(AGENT + "config.file") != null;
        return configured && !"true".equalsIgnoreCase(System.getProperty(AGENT + "jmxremote.authenticate"));
    }

    /** WildFly keeps the principal in a private module, but its management model tells everybody who he is. */
    private @Nullable String wildflyUser() {
        try {
            Object answer = server.invoke(
                    new ObjectName("jboss.as:management-root=server"), "whoami", new Object[] {false}, new String[] {
                        Boolean.class.getName()
                    });
            Matcher user = WILDFLY_USER.matcher(String.valueOf(answer));
            return user.find() ? named(user.group(1).replaceAll("\\\\(.)", "$1")) : null;
        } catch (InstanceNotFoundException notWildfly) {
            return null;
        } catch (JMException | RuntimeException e) {
            LOG.debug("the server does not tell who calls by JMX", e);
            return null;
        }
    }

    private @Nullable String named(String user) {
        return switch (user) {
            case WILDFLY_NOBODY -> null;
            case WILDFLY_LOCAL_USER -> localUser;
            default -> user;
        };
    }
}
