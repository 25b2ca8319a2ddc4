package org.vivarium.core.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Lays the sources over one another, so that every value still knows where it was written. */
final class MergedSources {
    static final String POOLS = "vivarium.pools";
    static final String EXAMPLES = "vivarium.python.examples";

    private static final Pattern KEY = Pattern.compile("Key '.*' may not", Pattern.DOTALL);

    private MergedSources() {}

    /**
     * Returns everything that was configured, resolved.
     *
     * @throws ConfigurationException if a source cannot be read, or an override names what no file defines
     */
    static Config merge(ConfigurationSources sources) {
        try {
            Config files = sources.file()
                    .map(MergedSources::parse)
                    .orElseGet(ConfigFactory::empty)
                    .withFallback(bundled(sources));
            Config known = overlaid(files, properties(sources, poolsOf(files)));
            return overlaid(known, variables(sources, poolsOf(files))).resolve().withoutPath("vivarium.python");
        } catch (ConfigException e) {
            throw new ConfigurationException(
                    "the configuration cannot be read: " + withoutValues(e) + "; correct that place and start again");
        }
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
        ConfigParseOptions options = ConfigParseOptions.defaults().setOriginDescription("vivarium.conf (built in)");
        Config examples =
                ConfigFactory.parseMap(Map.of(EXAMPLES, sources.examples().toString()), "the service");
        return examples.withFallback(ConfigFactory.parseString(sources.bundled(), options));
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

    private static Map<String, ConfigValue> properties(ConfigurationSources sources, ConfigObject pools) {
        Map<String, ConfigValue> overrides = new TreeMap<>();
        sources.properties().forEach((name, value) -> {
            if (name.startsWith(TelemetryReader.PATH + '.') || name.startsWith(MemoryReader.PATH + '.')) {
                overrides.put(name, ConfigValueFactory.fromAnyRef(value, "system property " + name));
            }
            if (name.startsWith(POOLS + '.')) {
                overrides.put(name, ConfigValueFactory.fromAnyRef(value, "system property " + name));
                String pool = name.substring(POOLS.length() + 1).split("\\.", 2)[0];
                if (!isDefined(pools, pool)) {
                    throw new ConfigurationException("system property " + name + ": no file defines the pool " + pool
                            + Suggestion.among(pools.keySet(), pool));
                }
            }
        });
        return overrides;
    }

    private static boolean isDefined(ConfigObject pools, String pool) {
        ConfigValue value = pools.get(pool);
        return value != null && value.valueType() != ConfigValueType.NULL;
    }

    private static Map<String, ConfigValue> variables(ConfigurationSources sources, ConfigObject pools) {
        Map<String, String> paths = EnvironmentNames.of(pools.keySet());
        Map<String, ConfigValue> overrides = new TreeMap<>();
        sources.environment().forEach((name, value) -> {
            String ofService = EnvironmentNames.OF_SERVICE.get(name);
            if (ofService != null) {
                overrides.put(ofService, ConfigValueFactory.fromAnyRef(value, "environment variable " + name));
            }
            if (name.startsWith(EnvironmentNames.PREFIX)) {
                String path = paths.get(name);
                if (path == null) {
                    throw new ConfigurationException("environment variable " + name
                            + " names no parameter of a configured pool" + Suggestion.among(paths.keySet(), name));
                }
                overrides.put(path, ConfigValueFactory.fromAnyRef(value, "environment variable " + name));
            }
        });
        return overrides;
    }
}
