package org.vivarium.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The Python of one pool, or of one generation of its workers. Immutable.
 *
 * @param interpreter command or path of the Python to start, 3.9 or newer
 * @param path absolute directories that are searched for modules, before the interpreter's own
 * @param preload modules that are imported once, before workers are forked
 * @param modules modules whose programs the pool calls
 * @param allowInherited modules during whose import threads and descriptors may come that forked workers lack or share
 * @param environment variables for the Python processes, on top of the allowed ones of the server
 * @param threads cap on the threads of native libraries (OpenMP, BLAS, …) in each worker
 * @param places where each setting that was made is written, as file and line
 */
public record PythonSettings(
        String interpreter,
        StartMethod startMethod,
        List<Path> path,
        List<String> preload,
        List<String> modules,
        List<String> allowInherited,
        Map<String, String> environment,
        int threads,
        Map<PythonParameter, String> places) {
    public PythonSettings {
        path = List.copyOf(path);
        preload = List.copyOf(preload);
        modules = List.copyOf(modules);
        allowInherited = List.copyOf(allowInherited);
        environment = Map.copyOf(environment);
        places = Map.copyOf(places);
    }

    /** Shows everything but the values of the environment, which may be secrets. */
    @Override
    public String toString() {
        return "PythonSettings[%s, %s, path %s, preload %s, modules %s, environment %s, %d threads]"
                .formatted(interpreter, startMethod, path, preload, modules, environment.keySet(), threads);
    }

    /** Returns where {@code parameter} is written, as file and line, or that it has its default. */
    public String place(PythonParameter parameter) {
        return places.getOrDefault(parameter, "default of " + parameter.path());
    }
}
