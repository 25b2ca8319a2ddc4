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
 * @param telemetry which events are handled
 * @param memory how much of others' data is held
 * @param sources what was read, in words, strongest first
 */
public record Configuration(
        List<PoolDefinition> pools,
        Map<String, String> brokenPools,
        TelemetrySettings telemetry,
        MemorySettings memory,
        List<String> sources) {
    public Configuration {
        pools = List.copyOf(pools);
        brokenPools = Collections.unmodifiableMap(new LinkedHashMap<>(brokenPools));
        sources = List.copyOf(sources);
    }
}
