package org.vivarium.core.config;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All that was configured.
 *
 * @param pools the pools that can be built, by name
 * @param brokenPools the pools that cannot: name → what is wrong, where, and what is allowed
 * @param service the parameters of the service as a whole
 * @param database where history is kept that outlives the process
 * @param sources what was read, in words, strongest first
 * @param files the files that were read, and those that would be if they existed
 */
public record Configuration(
        List<PoolDefinition> pools,
        Map<String, String> brokenPools,
        Configured<ServiceParameter, ServiceSettings> service,
        DatabaseSettings database,
        List<String> sources,
        Set<Path> files) {
    public Configuration {
        pools = List.copyOf(pools);
        brokenPools = Collections.unmodifiableMap(new LinkedHashMap<>(brokenPools));
        sources = List.copyOf(sources);
        files = Set.copyOf(files);
    }
}
