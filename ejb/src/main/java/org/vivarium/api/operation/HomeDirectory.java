package org.vivarium.api.operation;

import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The directory where the service keeps what outlives a run: users, and the operator's own {@code vivarium.conf}. */
public final class HomeDirectory {
    /** The system property that names the directory. */
    public static final String PROPERTY = "vivarium.home";

    private HomeDirectory() {}

    /**
     * Returns the directory, absolute, whether it exists or not: what {@value #PROPERTY} says, else {@code vivarium} in
     * the data directory of WildFly or in the domain directory of Payara, else {@code .vivarium} in the home directory
     * of the user.
     */
    public static Path locate() {
        return locate(System::getProperty);
    }

    /** Returns the directory according to {@code properties}, which answers {@code null} for what is not set. */
    public static Path locate(Function<String, @Nullable String> properties) {
        String named = properties.apply(PROPERTY);
        if (named != null && !named.isBlank()) {
            return Path.of(named).toAbsolutePath().normalize();
        }
        for (String server : new String[] {"jboss.server.data.dir", "com.sun.aas.instanceRoot"}) {
            String directory = properties.apply(server);
            if (directory != null) {
                return Path.of(directory, "vivarium").toAbsolutePath().normalize();
            }
        }
        return Path.of(String.valueOf(properties.apply("user.home")), ".vivarium")
                .toAbsolutePath()
                .normalize();
    }
}
