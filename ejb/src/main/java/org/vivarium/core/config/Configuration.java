package org.vivarium.core.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that was configured.
 *
 * @param pools the pools that can be built, by name
 * @param brokenPools the pools that cannot: name → what is wrong, where, and what is allowed
 * @param service the parameters of the service as a whole
 * @param sources what was read, in words, strongest first
 */
public record Configuration(
        List<PoolDefinition> pools,
        Map<String, String> brokenPools,
        Configured<ServiceParameter, ServiceSettings> service,
        List<String> sources) {
    public Configuration {
        pools = List.copyOf(pools);
        brokenPools = Collections.unmodifiableMap(new LinkedHashMap<>(brokenPools));
        sources = List.copyOf(sources);
    }
}
