package org.vivarium.core.config;

import java.util.Arrays;
import java.util.List;

/** What a pool's configuration says about its Python; read at start-up only. */
public enum PythonParameter {
    INTERPRETER(
            "python.interpreter",
            "python3",
            "The Python to start, 3.9 or newer: a command, which is looked for on the server's `PATH`, or the path of the interpreter of a virtual environment, resolved as in `python.path`."),
    START_METHOD(
            "python.start-method",
            "forkserver",
            "`forkserver`: modules are imported once, then each worker is forked. `spawn`: a fresh interpreter each, for libraries that do not survive a fork."),
    PATH(
            "python.path",
            "none",
            "Directories searched for modules before the interpreter's own. A relative one is resolved against the directory of the file that names it. `${vivarium.python.examples}` is where the example programs are."),
    PRELOAD(
            "python.preload",
            "none",
            "Modules imported once, before workers are forked, because they are slow to import."),
    PROGRAMS("python.programs", "none", "Modules whose functions with `@program` the pool calls."),
    ALLOW_INHERITED(
            "python.allow-inherited",
            "none",
            "Modules of `preload` or `programs` whose threads and descriptors are no reason to refuse a fork: workers lack the threads and share the connections and files, unless a function marked `@on_fork` closes or renews them."),
    /** What it holds may be secrets, so no complaint and no log shows a value. */
    ENVIRONMENT(
            "python.environment",
            "none",
            "Variables for the Python processes, on top of what they may inherit: `NAME = \"value\"`. Not by system property or variable. Names that begin with `VIVARIUM_` are refused, and so are the interpreter's own, `PYTHON` with letters after it, such as `PYTHONPATH`: it runs with `-I` and would ignore them; `python.path` and `python.interpreter` say the same. Values may be secrets: no error message and no log repeats one."),
    /**
     * Variables whose values are in files, which are read when workers start for the first time and by a rolling
     * restart.
     */
    ENVIRONMENT_FILES(
            "python.environment-files",
            "none",
            "The same, with values that are in files, as container platforms mount secrets: `NAME = \"/run/secrets/name\"`; a relative path is seen from the directory of the file it is written in. A line break at the end is left out. The files are read at the start and by a rolling restart."),
    NATIVE_THREADS(
            "python.native-threads",
            "1",
            "Cap on the threads of native libraries in each worker, 1 to 256, forked or fresh: `OMP_NUM_THREADS`, `OPENBLAS_NUM_THREADS`, `MKL_NUM_THREADS`, `NUMEXPR_NUM_THREADS`, `NUMEXPR_MAX_THREADS`, `NUMBA_NUM_THREADS`, `VECLIB_MAXIMUM_THREADS`, `BLIS_NUM_THREADS`, `POLARS_MAX_THREADS`, `RAYON_NUM_THREADS`, set before the interpreter starts. `python.environment` can set single ones otherwise.");

    private final String path;
    private final String standard;
    private final String description;

    PythonParameter(String path, String standard, String description) {
        this.path = path;
        this.standard = standard;
        this.description = description;
    }

    /** Returns where it stands in the configuration, below the pool, such as {@code python.interpreter}. */
    public String path() {
        return path;
    }

    /** Returns its default as operators write it; {@code none} if it is empty. */
    public String standard() {
        return standard;
    }

    /** Returns what it is, with keys and values in backticks. */
    public String description() {
        return description;
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
