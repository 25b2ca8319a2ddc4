package org.vivarium.core.config;

import java.util.List;

/** One pool as it was configured: its name, its Python, and the parameters and objectives that it starts with. */
public record PoolDefinition(String name, PythonSettings python, PoolSettings settings, List<Objective> objectives) {
    public PoolDefinition {
        objectives = List.copyOf(objectives);
    }

    /** A pool without objectives. */
    public PoolDefinition(String name, PythonSettings python, PoolSettings settings) {
        this(name, python, settings, List.of());
    }
}
