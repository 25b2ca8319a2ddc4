package org.vivarium.web.security;

import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.vivarium.web.security.users.UserStore;

/** Words what the operator reads when the service has started. */
final class Welcome {
    /** The system property that says where the service can be reached; for servers that do not tell their port. */
    static final String URL_PROPERTY = "vivarium.url";

    private static final int STANDARD_PORT = 8080;

    private Welcome() {}

    /**
     * Returns where the service can be reached, with a slash at the end: what {@value #URL_PROPERTY} says, else what
     * WildFly says of itself. Payara does not tell applications its port, so there the address has {@code PORT} in its
     * place.
     *
     * @param contextPath the path of the web application, such as {@code /vivarium}
     * @param properties answers {@code null} for what is not set
     */
    static String address(String contextPath, Function<String, @Nullable String> properties) {
        String named = properties.apply(URL_PROPERTY);
        if (named != null && !named.isBlank()) {
            return named.endsWith("/") ? named : named + '/';
        }
        if (properties.apply("jboss.home.dir") == null) {
            return "http://localhost:PORT" + contextPath + '/';
        }
        int port = number(properties.apply("jboss.http.port"), STANDARD_PORT)
                + number(properties.apply("jboss.socket.binding.port-offset"), 0);
        return "http://localhost:" + port + contextPath + '/';
    }

    /**
     * Returns one block of lines that says where to go, who to be, and what to try.
     *
     * @param firstPassword the file with the generated password; {@code null} if that does not count any more
     * @param users the file of users
     */
    static String block(String address, @Nullable Path firstPassword, Path users) {
        String password = firstPassword == null
                ? "as before (forgotten? write \"plain:NEW\" in its place in " + users + ")"
                : "in " + firstPassword + ", which is deleted once the password is changed";
        String shown = firstPassword == null ? "PASSWORD" : "\"$(cat " + quoted(firstPassword) + ")\"";
        String unknown = address.contains(":PORT/")
                ? "   (PORT: that of the server's HTTP listener, 8080 unless it was changed)"
                : "";
        return """

                ------------------------------------------------------------------------------
                Vivarium is at   %1$s%5$s
                user             %2$s
                password         %3$s
                try              curl -u %2$s:%4$s -H 'Content-Type: application/json' -d '{"text":"hello"}' %1$sapi/pools/default/programs/echo
                ------------------------------------------------------------------------------
                """.formatted(address, UserStore.ADMIN, password, shown, unknown);
    }

    /** Returns the path as one word of a shell. */
    private static String quoted(Path path) {
        String text = path.toString();
        return text.matches("[\\w./+@-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    private static int number(@Nullable String text, int otherwise) {
        return text != null && text.matches("\\d{1,5}") ? Integer.parseInt(text) : otherwise;
    }
}
