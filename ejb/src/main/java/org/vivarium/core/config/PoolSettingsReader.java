package org.vivarium.core.config;

import com.typesafe.config.ConfigValue;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the parameters of one pool together: what is configured by itself, else what its profile says, else what is
 * built in; and what was saved over files, but not over properties and variables.
 */
final class PoolSettingsReader {
    private static final Logger LOG = LoggerFactory.getLogger(PoolSettingsReader.class);

    private final String path;
    private final Leaves leaves;
    private final Profiles profiles;
    private final UnaryOperator<Map<PoolParameter, Long>> defaults;

    /**
     * Takes what was found.
     *
     * @param path of the pool in the configuration
     * @param defaults says, of what is configured, which values the parameters have that are {@code auto}
     */
    PoolSettingsReader(
            String path, Leaves leaves, Profiles profiles, UnaryOperator<Map<PoolParameter, Long>> defaults) {
        this.path = path;
        this.leaves = leaves;
        this.profiles = profiles;
        this.defaults = defaults;
    }

    /**
     * What is configured of a pool.
     *
     * @param pool the whole of it
     * @param values path → value
     * @param removed the paths of those that are to have their defaults
     */
    record Leaves(ConfigValue pool, Map<String, ConfigValue> values, Set<String> removed) {}

    /**
     * Returns the parameters.
     *
     * @param saved attribute → value; what cannot be used of it is left out, which the log says
     * @throws ConfigurationException about the first mistake in what is configured
     */
    Configured<PoolParameter, PoolSettings> read(Map<String, Object> saved) {
        Map<PoolParameter, Long> own = own();
        PoolSettings file = settings(own);
        Map<PoolParameter, Origin> origins = new EnumMap<>(PoolParameter.class);
        for (PoolParameter parameter : PoolParameter.ALL) {
            ConfigValue value = value(parameter, file.value(PoolParameter.PROFILE));
            if (value != null) {
                origins.put(parameter, Origin.of(value.origin()));
            }
        }
        Map<PoolParameter, Long> kept = new EnumMap<>(PoolParameter.class);
        SavedValues.usable(saved, PoolParameter.ALL, origins, path)
                .forEach((parameter, value) -> kept.put(parameter, (Long) value)); // none of them is a text
        return new Configured<>(file, started(own, kept, file), origins, profiles(own));
    }

    /** Returns what is configured by itself. */
    private Map<PoolParameter, Long> own() {
        Map<PoolParameter, Long> values = new EnumMap<>(PoolParameter.class);
        for (PoolParameter parameter : PoolParameter.ALL) {
            ConfigValue value = leaves.values().get(parameter.path());
            if (value != null && !isBuiltIn(value) && !isAuto(parameter, value)) {
                values.put(parameter, read(parameter, value));
            }
        }
        return values;
    }

    private long read(PoolParameter parameter, ConfigValue value) {
        return NumberReader.read(parameter, path + '.' + parameter.path(), value);
    }

    private static boolean isBuiltIn(ConfigValue value) {
        return value.origin().description().startsWith(MergedSources.BUILT_IN);
    }

    private static boolean isAuto(PoolParameter parameter, ConfigValue value) {
        return parameter.followsHost() && HostSize.AUTO.equals(value.unwrapped());
    }

    /** Returns where a parameter has its value from, if the pool has a profile and nothing is saved. */
    private @Nullable ConfigValue value(PoolParameter parameter, long profile) {
        ConfigValue value = leaves.values().get(parameter.path());
        if ((value != null && !isBuiltIn(value)) || leaves.removed().contains(parameter.path())) {
            return value;
        }
        return profiles.of(name(profile)).getOrDefault(parameter.path(), value);
    }

    private static String name(long profile) {
        return String.valueOf(PoolParameter.PROFILE.allowed().shown(profile));
    }

    private PoolSettings settings(Map<PoolParameter, Long> chosen) {
        try {
            return PoolSettings.DEFAULT.with(values(chosen));
        } catch (IllegalArgumentException e) { // each is in its range, so they do not fit together
            throw ConfigError.at(
                    leaves.values().getOrDefault(PoolParameter.MINIMUM_WORKERS.path(), leaves.pool()),
                    path,
                    "is inconsistent: " + e.getMessage());
        }
    }

    /** Returns {@code chosen}, with what the profile among it says of the others, and what is built in. */
    private Map<PoolParameter, Long> values(Map<PoolParameter, Long> chosen) {
        long profile = chosen.getOrDefault(
                PoolParameter.PROFILE, PoolParameter.PROFILE.allowed().standard());
        Map<PoolParameter, Long> values = new EnumMap<>(PoolParameter.class);
        for (PoolParameter parameter : PoolParameter.ALL) {
            ConfigValue value = value(parameter, profile);
            if (value != null && !isAuto(parameter, value)) {
                values.put(parameter, read(parameter, value));
            }
        }
        values.putAll(chosen);
        values.putAll(defaults.apply(Map.copyOf(values)));
        return values;
    }

    private PoolSettings started(Map<PoolParameter, Long> own, Map<PoolParameter, Long> saved, PoolSettings otherwise) {
        Map<PoolParameter, Long> chosen = new EnumMap<>(PoolParameter.class);
        chosen.putAll(own);
        chosen.putAll(saved);
        try {
            return settings(chosen);
        } catch (ConfigurationException e) {
            LOG.warn("what was saved of {} is not used: {}", path, e.getMessage());
            return otherwise;
        }
    }

    /** Returns what each profile would set, of all that any of them says: so the way back from one is known. */
    private Map<String, Map<PoolParameter, Object>> profiles(Map<PoolParameter, Long> own) {
        Map<String, Map<PoolParameter, Object>> sets = new HashMap<>();
        Set<String> said = profiles.paths();
        for (int i = 0; i < Profiles.NAMES.size(); i++) {
            Map<PoolParameter, Long> chosen = new EnumMap<>(PoolParameter.class);
            chosen.putAll(own);
            chosen.put(PoolParameter.PROFILE, (long) i);
            String name = Profiles.NAMES.get(i);
            Map<PoolParameter, Long> values = values(chosen);
            Map<PoolParameter, Object> set = new LinkedHashMap<>();
            for (PoolParameter parameter : PoolParameter.ALL) {
                if (said.contains(parameter.path())
                        && !own.containsKey(parameter)
                        && !leaves.removed().contains(parameter.path())) {
                    set.put(
                            parameter,
                            values.getOrDefault(parameter, parameter.allowed().standard()));
                }
            }
            sets.put(name, set);
        }
        return sets;
    }
}
