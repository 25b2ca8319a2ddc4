package org.vivarium.core.config;

/** One pool as it was configured: its name, its Python, and the values its parameters start with. */
public record PoolDefinition(String name, PythonSettings python, PoolSettings settings) {}
