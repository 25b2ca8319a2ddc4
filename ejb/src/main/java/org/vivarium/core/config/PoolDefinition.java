package org.vivarium.core.config;

import java.util.List;

/**
 * One pool as it was configured.
 *
 * @param name what callers call it
 * @param python how its workers run
 * @param configured its parameters
 * @param objectives its objectives, as they start
 */
public record PoolDefinition(
        String name,
        PythonSettings python,
        Configured<PoolParameter, PoolSettings> configured,
        List<Objective> objectives) {
    public PoolDefinition {
        objectives = List.copyOf(objectives);
    }

    /** A pool without objectives, of whose parameters nothing was saved. */
    public PoolDefinition(String name, PythonSettings python, PoolSettings settings) {
        this(name, python, Configured.of(settings), List.of());
    }

    /** Returns the parameters that it starts with. */
    public PoolSettings settings() {
        return configured.start();
    }
}
