package org.vivarium.core.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What system properties and environment variables say, by path; each of them is known, or refused. */
final class Overrides {
    /** What the name of a variable ends with whose value is the name of a file that has the value. */
    private static final String IN_FILE = "_FILE";

    private Overrides() {}

    /** Returns the values of {@code properties} that are ours, of pools that files define. */
    static Map<String, ConfigValue> properties(Map<String, String> properties, ConfigObject pools) {
        Map<String, ConfigValue> overrides = new TreeMap<>();
        properties.forEach((name, value) -> {
            boolean ofPool = name.startsWith(MergedSources.POOLS + '.');
            if (ofPool || EnvironmentNames.isOfService(name)) {
                overrides.put(name, ConfigValueFactory.fromAnyRef(value, Origin.PROPERTY + name));
            }
            if (ofPool) {
                requirePool(name, pools);
            }
        });
        return overrides;
    }

    private static void requirePool(String property, ConfigObject pools) {
        String pool = property.substring(MergedSources.POOLS.length() + 1).split("\\.", 2)[0];
        ConfigValue value = pools.get(pool);
        if (value == null || value.valueType() == ConfigValueType.NULL) {
            throw new ConfigurationException(Origin.PROPERTY + property + ": no file defines the pool " + pool
                    + Suggestion.among(pools.keySet(), pool));
        }
    }

    /** Returns likewise the values of the variables of {@code environment}, or of the files that they name. */
    static Map<String, ConfigValue> variables(Map<String, String> environment, ConfigObject pools) {
        Map<String, String> paths = EnvironmentNames.of(pools.keySet());
        Map<String, ConfigValue> overrides = new TreeMap<>();
        environment.forEach((name, value) -> {
            boolean inFile = !paths.containsKey(name) && name.endsWith(IN_FILE);
            String meant = inFile ? name.substring(0, name.length() - IN_FILE.length()) : name;
            String path = paths.get(meant);
            if (path != null) {
                if (inFile && environment.containsKey(meant)) {
                    throw new ConfigurationException(
                            Origin.VARIABLE + name + ": " + meant + " is set, too; leave one of them out");
                }
                overrides.put(
                        path,
                        ConfigValueFactory.fromAnyRef(inFile ? content(name, value) : value, Origin.VARIABLE + name));
            } else if (name.startsWith(EnvironmentNames.PREFIX)) {
                throw new ConfigurationException(Origin.VARIABLE + name + " names no parameter of a configured pool"
                        + Suggestion.among(paths.keySet(), name));
            }
        });
        return overrides;
    }

    private static String content(String variable, String file) {
        try {
            return SecretFile.read(Path.of(file));
        } catch (IOException | java.nio.file.InvalidPathException e) {
            throw new ConfigurationException(
                    Origin.VARIABLE + variable + " must name a readable file of text in UTF-8, was \"" + file + '"');
        }
    }
}
