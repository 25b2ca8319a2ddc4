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
import java.util.regex.Pattern;

/**
 * Where configuration comes from, weakest first.
 *
 * @param bundled the text of {@code config/vivarium.conf} as it was built in
 * @param file the operator's own file
 * @param directory where the operator has files for environments and profiles, in directories of these names
 * @param properties system properties; those below {@code vivarium.pools} and the groups of the service count
 * @param environment environment variables; those of parameters of the service, and those that begin with
 *     {@code VIVARIUM_POOLS_}, count
 * @param examples what <code>${vivarium.python.examples}</code> stands for: the directory of the example programs
 */
public record ConfigurationSources(
        String bundled,
        Optional<Path> file,
        Optional<Path> directory,
        Map<String, String> properties,
        Map<String, String> environment,
        Path examples) {
    /** Where the build packs {@code config/} into. */
    private static final String RESOURCES = "META-INF/vivarium/config/";

    /** The name of the file that is built in, and of the operator's in the home directory. */
    static final String FILE = "vivarium.conf";

    /** The system property that names the operator's file. */
    public static final String FILE_PROPERTY = "vivarium.config";

    /** The system property that names the environment, such as {@code production}. */
    public static final String ENVIRONMENT_PROPERTY = "vivarium.environment";

    /** The environment variable likewise, which is stronger. */
    public static final String ENVIRONMENT_VARIABLE = "VIVARIUM_ENVIRONMENT";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public ConfigurationSources {
        properties = Map.copyOf(properties);
        environment = Map.copyOf(environment);
    }

    /** Sources whose further files, if there are any, are beside {@code file}. */
    public ConfigurationSources(
            String bundled,
            Optional<Path> file,
            Map<String, String> properties,
            Map<String, String> environment,
            Path examples) {
        this(bundled, file, file.map(Path::toAbsolutePath).map(Path::getParent), properties, environment, examples);
    }

    /**
     * Returns the sources of this process: the built-in file, then the file that {@value #FILE_PROPERTY} names or else
     * {@code vivarium.conf} in {@code home} if it exists, then system properties, then environment variables.
     *
     * @throws ConfigurationException if {@value #FILE_PROPERTY} names a file that cannot be read
     */
    public static ConfigurationSources ofProcess(Path home, Path examples) {
        Map<String, String> properties = texts(System.getProperties());
        Optional<Path> file = file(properties, home);
        return new ConfigurationSources(
                bundled(FILE),
                file,
                Optional.of(file.map(Path::getParent).orElse(home)),
                properties,
                System.getenv(),
                examples);
    }

    /** Returns the name of the environment that the service runs in; nothing if nobody says it. */
    Optional<String> environmentName() {
        String variable = environment.get(ENVIRONMENT_VARIABLE);
        String name = variable == null ? properties.get(ENVIRONMENT_PROPERTY) : variable;
        if (name != null && !NAME.matcher(name).matches()) {
            throw new ConfigurationException(
                    (variable == null ? Origin.PROPERTY + ENVIRONMENT_PROPERTY : Origin.VARIABLE + ENVIRONMENT_VARIABLE)
                            + " must be a name of letters, digits, '.', '_' and '-', such as production");
        }
        return Optional.ofNullable(name);
    }

    /** Returns the operator's file for the environment that is named, whether there is one or not. */
    Optional<Path> environmentFile() {
        return environmentName()
                .flatMap(name ->
                        directory.map(parent -> parent.resolve("environments").resolve(name + ".conf")));
    }

    private static Optional<Path> file(Map<String, String> properties, Path home) {
        String named = properties.get(FILE_PROPERTY);
        if (named == null) {
            return Optional.of(home.resolve(FILE)).filter(Files::exists);
        }
        Path file = Path.of(named).toAbsolutePath();
        if (!Files.isReadable(file)) {
            throw new ConfigurationException("system property " + FILE_PROPERTY + " names " + file
                    + ", which cannot be read; name a readable file or leave the property out");
        }
        return Optional.of(file);
    }

    /** Returns the text of a file of {@code config/} that was built in. */
    static String bundled(String name) {
        String resource = RESOURCES + name;
        try (InputStream in = ConfigurationSources.class.getClassLoader().getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing: the build did not pack config/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + resource, e);
        }
    }

    private static Map<String, String> texts(Properties properties) {
        Map<String, String> texts = new TreeMap<>();
        properties.stringPropertyNames().forEach(name -> texts.put(name, properties.getProperty(name)));
        return texts;
    }
}
