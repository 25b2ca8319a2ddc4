package org.vivarium.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.vivarium.benchmarks.bare.BareApplication;
import org.vivarium.benchmarks.bare.BareEcho;

/** The WildFly that the build provisions, with the EAR and {@link BareEcho} deployed, in a directory of its own. */
final class WildFly {
    private static final List<Class<?>> BARE = List.of(BareApplication.class, BareEcho.class, BareEcho.Text.class);

    private WildFly() {}

    /** Starts the server; {@code settings} are further system properties. */
    static StartedServer start(Path root, Path directory, int offset, List<String> settings) throws IOException {
        Path server = root.resolve("ear/target/server");
        Path base = directory.resolve("wildfly");
        delete(base);
        copy(server.resolve("standalone"), base);
        Path deployments = Files.createDirectories(base.resolve("deployments"));
        Files.copy(root.resolve("ear/target/vivarium.ear"), deployments.resolve("vivarium.ear"));
        try (OutputStream war = Files.newOutputStream(deployments.resolve("bare.war"))) {
            pack(war);
        }
        List<String> command = new ArrayList<>(List.of(
                "env",
                "LAUNCH_JBOSS_IN_BACKGROUND=true", // or the script would not pass on the signal that ends it
                server.resolve("bin/standalone.sh").toString(),
                "-Djboss.server.base.dir=" + base,
                "-Djboss.socket.binding.port-offset=" + offset,
                "-Dvivarium.home=" + base.resolve("home")));
        command.addAll(settings);
        return new StartedServer(command, directory.resolve("wildfly.out"));
    }

    private static void pack(OutputStream target) throws IOException {
        try (JarOutputStream war = new JarOutputStream(target)) {
            for (Class<?> type : BARE) {
                String path = type.getName().replace('.', '/') + ".class";
                war.putNextEntry(new ZipEntry("WEB-INF/classes/" + path));
                try (InputStream in = type.getResourceAsStream('/' + path)) {
                    in.transferTo(war);
                }
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from, FileVisitOption.FOLLOW_LINKS)) {
            for (Path one : all.toList()) {
                Files.copy(one, to.resolve(from.relativize(one)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(WildFly::deleteOne);
        }
    }

    private static void deleteOne(Path path) {
        try {
            Files.delete(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
