package org.vivarium.core.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * Where configuration comes from, weakest first.
 *
 * @param bundled the text of {@code config/vivarium.conf} as it was built in
 * @param file the operator's own file
 * @param properties system properties; those below {@code vivarium.pools}, {@code vivarium.telemetry} and
 *     {@code vivarium.memory} count
 * @param environment environment variables; those of telemetry and memory, and those that begin with
 *     {@code VIVARIUM_POOLS_}, count
 * @param examples what <code>${vivarium.python.examples}</code> stands for: the directory of the example programs
 */
public record ConfigurationSources(
        String bundled,
        Optional<Path> file,
        Map<String, String> properties,
        Map<String, String> environment,
        Path examples) {
    /** The resource that the build packs {@code config/vivarium.conf} into. */
    public static final String RESOURCE = "META-INF/vivarium/config/vivarium.conf";

    /** The system property that names the operator's file. */
    public static final String FILE_PROPERTY = "vivarium.config";

    public ConfigurationSources {
        properties = Map.copyOf(properties);
        environment = Map.copyOf(environment);
    }

    /**
     * Returns the sources of this process: the built-in file, then the file that {@value #FILE_PROPERTY} names or else
     * {@code vivarium.conf} in {@code home} if it exists, then system properties, then environment variables.
     *
     * @throws ConfigurationException if {@value #FILE_PROPERTY} names a file that cannot be read
     */
    public static ConfigurationSources ofProcess(Path home, Path examples) {
        Map<String, String> properties = texts(System.getProperties());
        return new ConfigurationSources(bundledText(), file(properties, home), properties, System.getenv(), examples);
    }

    private static Optional<Path> file(Map<String, String> properties, Path home) {
        String named = properties.get(FILE_PROPERTY);
        if (named == null) {
            return Optional.of(home.resolve("vivarium.conf")).filter(Files::exists);
        }
        Path file = Path.of(named).toAbsolutePath();
        if (!Files.isReadable(file)) {
            throw new ConfigurationException("system property " + FILE_PROPERTY + " names " + file
                    + ", which cannot be read; name a readable file or leave the property out");
        }
        return Optional.of(file);
    }

    private static String bundledText() {
        try (InputStream in = ConfigurationSources.class.getClassLoader().getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException(RESOURCE + " is missing: the build did not pack config/vivarium.conf");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    private static Map<String, String> texts(Properties properties) {
        Map<String, String> texts = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> texts.put(name, properties.getProperty(name)));
        return texts;
    }
}
