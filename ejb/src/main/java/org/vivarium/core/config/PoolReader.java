package org.vivarium.core.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Reads one pool, strictly: a key that nobody knows is a mistake. */
final class PoolReader {
    private static final List<String> KNOWN = known();

    private final String name;
    private final Profiles profiles;
    private final UnaryOperator<Map<PoolParameter, Long>> defaults;
    private final String prefix;
    private final Map<String, ConfigValue> leaves = new LinkedHashMap<>();
    private final Set<String> removed = new HashSet<>();

    /** Takes what says, of what is configured, which values the parameters have that are {@code auto}. */
    PoolReader(String name, Profiles profiles, UnaryOperator<Map<PoolParameter, Long>> defaults) {
        this.name = name;
        this.profiles = profiles;
        this.defaults = defaults;
        this.prefix = MergedSources.POOLS + '.' + name + '.';
    }

    /**
     * Returns the pool that {@code value} describes.
     *
     * @param saved what was saved of its parameters, attribute → value
     * @throws ConfigurationException about the first mistake in it
     */
    PoolDefinition read(ConfigValue value, Map<String, Object> saved) {
        if (!(value instanceof ConfigObject object)) {
            throw ConfigError.at(
                    value, MergedSources.POOLS + '.' + name, "must be a group { … }, was " + ConfigError.quoted(value));
        }
        collect("", object);
        PoolSettingsReader parameters = new PoolSettingsReader(
                MergedSources.POOLS + '.' + name,
                new PoolSettingsReader.Leaves(object, leaves, removed),
                profiles,
                defaults);
        return new PoolDefinition(name, new PythonReader(prefix, leaves).read(), parameters.read(saved), objectives());
    }

    private void collect(String group, ConfigObject object) {
        object.entrySet().stream()
                .sorted(Comparator.comparing(entry -> entry.getValue().origin().lineNumber()))
                .forEach(entry -> {
                    String path = group + entry.getKey();
                    if (KNOWN.contains(path)) {
                        leaves.put(path, entry.getValue());
                    } else {
                        descend(path, entry.getValue());
                    }
                });
        leaves.forEach((path, value) -> {
            if (value.valueType() == ConfigValueType.NULL) { // "= null" restores the default
                removed.add(path);
            }
        });
        leaves.keySet().removeAll(removed);
    }

    private void descend(String path, ConfigValue value) {
        boolean group = KNOWN.stream().anyMatch(known -> known.startsWith(path + '.'));
        if (!group) {
            throw ConfigError.at(value, prefix + path, "is not known" + Suggestion.among(siblings(path), path));
        }
        if (!(value instanceof ConfigObject object)) {
            throw ConfigError.at(value, prefix + path, "must be a group { … }, was " + ConfigError.quoted(value));
        }
        collect(path + '.', object);
    }

    /**
     * Returns what could have been meant: everything known, or the members of the group if the group itself is right.
     */
    private static List<String> siblings(String path) {
        String group = path.substring(0, path.lastIndexOf('.') + 1);
        List<String> members =
                KNOWN.stream().filter(known -> known.startsWith(group)).toList();
        if (!group.isEmpty()) {
            return members;
        }
        List<String> all = new ArrayList<>(KNOWN);
        KNOWN.forEach(known -> all.add(known.split("\\.", -1)[0]));
        return all.stream().distinct().toList();
    }

    private List<Objective> objectives() {
        return new ObjectiveReader(prefix).read(leaves.get(ObjectiveReader.GROUP));
    }

    private static List<String> known() {
        List<String> paths = new ArrayList<>(PoolParameter.paths());
        paths.addAll(PythonParameter.paths());
        paths.add(ObjectiveReader.GROUP);
        return List.copyOf(paths);
    }
}
