package org.vivarium.it.support;

import java.net.URI;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What Maven built and where it put the server for this run.
 *
 * @param ear the application as it ships
 * @param clientJar what other applications compile against
 * @param apiClasses the class directory that the client jar was made from
 * @param server the root of the server's HTTP port
 * @param home the service's own directory, empty before the run
 * @param logDirectory the server's log directory
 * @param pidFile where the server writes its process id, if it does
 * @param password of the user {@code admin}
 */
public record TestRun(
        Path ear,
        Path clientJar,
        Path apiClasses,
        URI server,
        Path home,
        Path logDirectory,
        Path pidFile,
        String password) {

    /** Reads the system properties that {@code ear/pom.xml} sets. */
    public static TestRun current() {
        return new TestRun(
                path("vivarium.it.ear"),
                path("vivarium.it.client.jar"),
                path("vivarium.it.classes").resolve("org/vivarium/api"),
                URI.create("http://127.0.0.1:" + property("vivarium.it.http.port") + "/"),
                path("vivarium.it.home"),
                path("vivarium.it.log.directory"),
                path("vivarium.it.pid.file"),
                property("vivarium.it.password"));
    }

    private static Path path(String name) {
        return Path.of(property(name));
    }

    private static String property(String name) {
        return Objects.requireNonNull(System.getProperty(name), () -> name + " is not set: run through Maven");
    }
}
