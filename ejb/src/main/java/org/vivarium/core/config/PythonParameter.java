package org.vivarium.core.config;

import java.util.Arrays;
import java.util.List;

/** What a pool's configuration says about its Python; read at start-up only. */
public enum PythonParameter {
    INTERPRETER("python.interpreter"),
    START_METHOD("python.start-method"),
    PATH("python.path"),
    PRELOAD("python.preload"),
    PROGRAMS("python.programs"),
    ALLOW_INHERITED("python.allow-inherited"),
    /** What it holds may be secrets, so no complaint and no log shows a value. */
    ENVIRONMENT("python.environment"),
    /**
     * Variables whose values are in files; they are read when workers start for the first time, and by a rolling
     * restart.
     */
    ENVIRONMENT_FILES("python.environment-files"),
    NATIVE_THREADS("python.native-threads");

    private final String path;

    PythonParameter(String path) {
        this.path = path;
    }

    /** Returns where it stands in the configuration, below the pool, such as {@code python.interpreter}. */
    public String path() {
        return path;
    }

    /** Returns whether its values may be secrets, which are never shown. */
    boolean isSecret() {
        return this == ENVIRONMENT;
    }

    /** Returns whether {@code path} is one that has members of any names. */
    static boolean isGroup(String path) {
        return path.equals(ENVIRONMENT.path) || path.equals(ENVIRONMENT_FILES.path);
    }

    /** Returns the configuration paths of all of them. */
    public static List<String> paths() {
        return Arrays.stream(values()).map(PythonParameter::path).toList();
    }
}
