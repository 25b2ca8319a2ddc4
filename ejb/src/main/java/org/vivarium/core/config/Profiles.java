package org.vivarium.core.config;

import static java.util.stream.Collectors.toSet;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The profiles: named sets of values for a pool, each in a file of its own, over which an operator may lay another.
 * What a profile does not say is as in {@code vivarium.conf}, all of which is the default one.
 */
final class Profiles {
    /** Their names; the first is the default. */
    static final List<String> NAMES =
            List.of("balanced", "high-throughput", "low-latency", "resource-constrained", "development");

    private static final String KEY = "profile";

    /** Name → path → value. */
    private final Map<String, Map<String, ConfigValue>> byName;

    private Profiles(Map<String, Map<String, ConfigValue>> byName) {
        this.byName = byName;
    }

    /**
     * Reads all of them.
     *
     * @param directory of the operator, whose files are laid over those that are built in
     * @throws ConfigurationException if one cannot be read, or sets what is no parameter
     */
    static Profiles read(Optional<Path> directory) {
        return MergedSources.readable(() -> {
            Map<String, Map<String, ConfigValue>> read = new LinkedHashMap<>();
            for (String name : NAMES) {
                String file = "profiles/" + name + ".conf";
                Config bundled =
                        ConfigFactory.parseString(ConfigurationSources.bundled(file), MergedSources.describedAs(file));
                Config own = directory
                        .map(parent ->
                                ConfigFactory.parseFile(file(parent, name).toFile())) // empty if there is none
                        .orElseGet(ConfigFactory::empty);
                read.put(name, checked(own.withFallback(bundled).resolve()));
            }
            return new Profiles(read);
        });
    }

    /** Returns where an operator may have a profile of that name. */
    static Path file(Path directory, String name) {
        return directory.resolve("profiles").resolve(name + ".conf");
    }

    private static Map<String, ConfigValue> checked(Config profile) {
        Map<String, ConfigValue> values = new LinkedHashMap<>();
        profile.entrySet().forEach(entry -> {
            String path = entry.getKey();
            if (KEY.equals(path) || !PoolParameter.paths().contains(path)) {
                throw ConfigError.at(
                        entry.getValue(),
                        path,
                        "is no parameter that a profile can set" + Suggestion.among(PoolParameter.paths(), path));
            }
            values.put(path, entry.getValue());
        });
        return values;
    }

    /** Returns the paths of all parameters that any profile sets. */
    Set<String> paths() {
        return byName.values().stream()
                .flatMap(values -> values.keySet().stream())
                .collect(toSet());
    }

    /** Returns what a profile sets, path → value; nothing for a name that is not known. */
    Map<String, ConfigValue> of(String name) {
        return byName.getOrDefault(name, Map.of());
    }
}
