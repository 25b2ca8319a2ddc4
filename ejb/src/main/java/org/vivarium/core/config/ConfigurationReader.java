package org.vivarium.core.config;

import static java.util.Objects.requireNonNull;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the configuration, strictly: a key that nobody knows is refused, with a suggestion.
 *
 * <p>A mistake inside one pool breaks that pool only. A mistake outside of pools, or a file that cannot be parsed,
 * breaks everything. Thread safe.
 */
public final class ConfigurationReader {
    private static final Pattern POOL_NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");

    private static final List<String> GROUPS = Stream.concat(
                    Stream.of("pools", DatabaseReader.GROUP), ServiceReader.GROUPS.stream())
            .toList();

    private final ConfigurationSources sources;
    private final HostSize host;
    private final SavedValues saved;

    /** Reads {@code sources} for a host of the standard size, where nothing was saved. */
    public ConfigurationReader(ConfigurationSources sources) {
        this(sources, HostSize.STANDARD, SavedValues.inMemory());
    }

    /** Reads {@code sources} and {@code saved}; what is not configured there may follow {@code host}. */
    public ConfigurationReader(ConfigurationSources sources, HostSize host, SavedValues saved) {
        this.sources = requireNonNull(sources, "sources");
        this.host = requireNonNull(host, "host");
        this.saved = requireNonNull(saved, "saved");
    }

    /**
     * Returns what is configured now.
     *
     * @throws ConfigurationException if there is a mistake outside of pools; one sentence says what, where, and what to
     *     do
     */
    public Configuration read() {
        Config merged = MergedSources.merge(sources);
        ConfigObject vivarium = vivarium(merged);
        Configured<ServiceParameter, ServiceSettings> service =
                ServiceReader.read(vivarium, host, saved.of(SettingsStore.group(null)));
        List<PoolDefinition> pools = new ArrayList<>();
        Map<String, String> broken = new LinkedHashMap<>();
        Map<String, ConfigValue> configured = pools(vivarium);
        Profiles profiles = Profiles.read(sources.directory());
        configured.forEach((name, value) -> {
            try {
                pools.add(new PoolReader(name, profiles, given -> host.defaults(given, configured.size()))
                        .read(value, saved.of(SettingsStore.group(name))));
            } catch (ConfigurationException e) { // of this pool only: the operator sees it as its problem
                broken.put(name, String.valueOf(e.getMessage()));
            }
        });
        return new Configuration(
                pools,
                broken,
                service,
                DatabaseReader.read(vivarium.get(DatabaseReader.GROUP)),
                described(),
                files(merged));
    }

    private static ConfigObject vivarium(Config merged) {
        ConfigObject vivarium = group(merged.root().get("vivarium"), "vivarium");
        vivarium.forEach((key, value) -> {
            if (!GROUPS.contains(key)) {
                throw ConfigError.at(value, "vivarium." + key, "is not known" + Suggestion.among(GROUPS, key));
            }
        });
        return vivarium;
    }

    private static Map<String, ConfigValue> pools(ConfigObject vivarium) {
        Map<String, ConfigValue> pools = new TreeMap<>();
        group(vivarium.get("pools"), MergedSources.POOLS).forEach((name, value) -> {
            if (!POOL_NAME.matcher(name).matches()) {
                throw ConfigError.at(
                        value,
                        MergedSources.POOLS + '.' + name,
                        "is not a valid name of a pool; use a letter, then up to 63 letters, digits, _ and -");
            }
            if (value.valueType() != ConfigValueType.NULL) { // "default = null" takes a pool out
                pools.put(name, value);
            }
        });
        return pools;
    }

    private static ConfigObject group(@Nullable ConfigValue value, String path) {
        if (value instanceof ConfigObject object) {
            return object;
        }
        if (value == null) {
            throw new ConfigurationException(
                    "no source configures " + path + "; define at least one pool below " + MergedSources.POOLS);
        }
        throw ConfigError.at(value, path, "must be a group { … }, was " + ConfigError.quoted(value));
    }

    private List<String> described() {
        List<String> words = new ArrayList<>();
        words.add("environment variables VIVARIUM_*");
        words.add(GROUPS.stream()
                .map(group -> ServiceReader.ROOT + group + ".*")
                .collect(Collectors.joining(", ", "system properties ", "")));
        words.add("saved values");
        sources.environmentFile().ifPresent(file -> words.add(file.toString()));
        sources.file().ifPresent(file -> words.add(file.toString()));
        words.add("vivarium.conf (built in)");
        return words;
    }

    /** Returns the files of the operator: those in which values stand, and where others may appear. */
    private Set<Path> files(Config merged) {
        Set<Path> files = new HashSet<>();
        collect(merged.root(), files);
        sources.file().ifPresent(files::add);
        sources.environmentFile().ifPresent(files::add);
        sources.directory().ifPresent(directory -> {
            files.add(directory.resolve(ConfigurationSources.FILE));
            Profiles.NAMES.forEach(name -> files.add(Profiles.file(directory, name)));
        });
        return files;
    }

    private static void collect(ConfigValue value, Set<Path> files) {
        String file = value.origin().filename();
        if (file != null) {
            files.add(Path.of(file));
        }
        if (value instanceof ConfigObject object) {
            object.values().forEach(each -> collect(each, files));
        }
    }
}
