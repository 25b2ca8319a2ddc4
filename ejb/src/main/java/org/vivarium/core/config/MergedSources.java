package org.vivarium.core.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Lays the sources over one another, so that every value still knows where it was written. */
final class MergedSources {
    static final String POOLS = "vivarium.pools";
    static final String EXAMPLES = "vivarium.python.examples";

    /** What a value that is built in, and is weaker than a profile, is described by. */
    static final String BUILT_IN = "vivarium.conf (built in)";

    private static final Pattern KEY = Pattern.compile("Key '.*' may not", Pattern.DOTALL);

    private MergedSources() {}

    /**
     * Returns everything that was configured, resolved.
     *
     * @throws ConfigurationException if a source cannot be read, or an override names what no file defines
     */
    static Config merge(ConfigurationSources sources) {
        return readable(() -> {
            Config files = ofEnvironment(sources)
                    .withFallback(sources.file().map(MergedSources::parse).orElseGet(ConfigFactory::empty))
                    .withFallback(bundled(sources));
            Config known = overlaid(files, Overrides.properties(sources.properties(), poolsOf(files)));
            return overlaid(known, Overrides.variables(sources.environment(), poolsOf(files)))
                    .resolve()
                    .withoutPath("vivarium.python");
        });
    }

    /** Returns what {@code reading} returns, or says in one sentence what cannot be read. */
    static <T> T readable(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (ConfigException e) {
            throw new ConfigurationException(
                    "the configuration cannot be read: " + withoutValues(e) + "; correct that place and start again");
        }
    }

    private static Config ofEnvironment(ConfigurationSources sources) {
        Optional<Path> file = sources.environmentFile();
        if (sources.environmentName().isPresent()
                && file.filter(Files::isReadable).isEmpty()) {
            throw new ConfigurationException(
                    "the environment is %s, but %s cannot be read; write that file, or leave %s and %s out"
                            .formatted(
                                    sources.environmentName().get(),
                                    file.map(Path::toString).orElse("its file"),
                                    ConfigurationSources.ENVIRONMENT_VARIABLE,
                                    ConfigurationSources.ENVIRONMENT_PROPERTY));
        }
        return file.map(MergedSources::parse).orElseGet(ConfigFactory::empty);
    }

    /** Returns how the parser is to speak of a text that is built in. */
    static ConfigParseOptions describedAs(String file) {
        return ConfigParseOptions.defaults().setOriginDescription(file + " (built in)");
    }

    /** A value that the parser quotes, as part of a key or next to a group, may be a secret of python.environment. */
    private static String withoutValues(ConfigException failure) {
        ConfigOrigin origin = failure.origin();
        if (failure instanceof ConfigException.WrongType && origin != null) {
            return ConfigError.place(origin) + ": text stands beside a group or a list";
        }
        return KEY.matcher(String.valueOf(failure.getMessage())).replaceAll("a key may not");
    }

    private static Config bundled(ConfigurationSources sources) {
        Config examples =
                ConfigFactory.parseMap(Map.of(EXAMPLES, sources.examples().toString()), "the service");
        return examples.withFallback(ConfigFactory.parseString(sources.bundled(), describedAs("vivarium.conf")));
    }

    private static Config parse(Path file) {
        return ConfigFactory.parseFile(
                file.toFile(), ConfigParseOptions.defaults().setAllowMissing(false));
    }

    private static ConfigObject poolsOf(Config files) {
        Object vivarium = files.root().get("vivarium");
        Object pools = vivarium instanceof ConfigObject object ? object.get("pools") : null;
        return pools instanceof ConfigObject object
                ? object
                : ConfigFactory.empty().root();
    }

    private static Config overlaid(Config below, Map<String, ConfigValue> overrides) {
        Config result = below;
        for (Map.Entry<String, ConfigValue> override : overrides.entrySet()) {
            result = result.withValue(override.getKey(), override.getValue());
        }
        return result;
    }
}
