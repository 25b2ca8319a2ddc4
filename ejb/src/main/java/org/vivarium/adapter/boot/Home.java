package org.vivarium.adapter.boot;

import java.nio.file.Path;

/**
 * Where the service keeps what must survive it: {@code vivarium.home} if set, else {@code vivarium} in the server's
 * data directory, else {@code .vivarium} in the user's home.
 */
final class Home {
    private Home() {}

    static Path directory() {
        String chosen = System.getProperty("vivarium.home");
        if (chosen != null) {
            return Path.of(chosen);
        }
        String wildfly = System.getProperty("jboss.server.data.dir");
        if (wildfly != null) {
            return Path.of(wildfly, "vivarium");
        }
        String payara = System.getProperty("com.sun.aas.instanceRoot");
        if (payara != null) {
            return Path.of(payara, "vivarium");
        }
        return Path.of(System.getProperty("user.home"), ".vivarium");
    }

    /** Returns where run directories are made: short, for the sake of socket paths. */
    static Path runs() {
        return Path.of(System.getProperty("vivarium.run.dir", System.getProperty("java.io.tmpdir")));
    }
}
