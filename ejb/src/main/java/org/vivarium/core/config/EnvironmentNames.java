package org.vivarium.core.config;

import com.typesafe.config.ConfigUtil;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The environment variables that stand for parameters: the path in upper case, with {@code _} for each dot and dash, so
 * that {@code vivarium.pools.default.timeouts.stop-grace} is {@code VIVARIUM_POOLS_DEFAULT_TIMEOUTS_STOP_GRACE}.
 */
final class EnvironmentNames {
    static final String PREFIX = "VIVARIUM_POOLS_";

    /** Those that are of no pool: variable → path. */
    private static final Map<String, String> OF_SERVICE = Stream.concat(
                    ServiceParameter.ALL.paths().stream().map(path -> ServiceReader.ROOT + path),
                    DatabaseReader.KEYS.stream().map(key -> DatabaseReader.PATH + '.' + key))
            .collect(Collectors.toUnmodifiableMap(EnvironmentNames::variable, path -> path));

    private EnvironmentNames() {}

    /** Returns whether a path is of a group of the service. */
    static boolean isOfService(String path) {
        return path.startsWith(DatabaseReader.PATH + '.')
                || ServiceReader.GROUPS.stream().anyMatch(group -> path.startsWith(ServiceReader.ROOT + group + '.'));
    }

    /**
     * Returns variable → path for all parameters of the service and of {@code pools}; {@code python.environment} and
     * {@code python.environment-files}, which are groups, have none, nor have objectives.
     */
    static Map<String, String> of(Collection<String> pools) {
        Map<String, String> names = new TreeMap<>(OF_SERVICE);
        for (String pool : pools) {
            Stream.concat(PoolParameter.paths().stream(), PythonParameter.paths().stream())
                    .filter(path -> !PythonParameter.isGroup(path))
                    .forEach(path -> names.put(
                            variable(MergedSources.POOLS + '.' + pool + '.' + path),
                            MergedSources.POOLS + '.' + ConfigUtil.joinPath(pool) + '.' + path));
        }
        return names;
    }

    private static String variable(String path) {
        return path.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
