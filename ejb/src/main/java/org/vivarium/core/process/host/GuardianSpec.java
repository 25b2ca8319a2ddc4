package org.vivarium.core.process.host;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.vivarium.core.config.PythonSettings;

/**
 * What must be settled before an interpreter starts: which one, and its environment. Equal specs share a guardian.
 *
 * <p>The environment is the server's cut down to an allow-list, with the native thread pools capped, then the pool's
 * own variables.
 */
record GuardianSpec(String interpreter, Map<String, String> environment) {
    private static final List<String> ALLOWED =
            List.of("PATH", "HOME", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SSL_CERT_FILE");
    private static final List<String> THREAD_CAPS = List.of(
            "OMP_NUM_THREADS",
            "OPENBLAS_NUM_THREADS",
            "MKL_NUM_THREADS",
            "NUMEXPR_NUM_THREADS",
            "NUMEXPR_MAX_THREADS",
            "NUMBA_NUM_THREADS",
            "VECLIB_MAXIMUM_THREADS",
            "BLIS_NUM_THREADS",
            "POLARS_MAX_THREADS",
            "RAYON_NUM_THREADS");

    static GuardianSpec of(PythonSettings python, Map<String, String> serverEnvironment) {
        Map<String, String> environment = new LinkedHashMap<>();
        ALLOWED.forEach(name -> {
            String value = serverEnvironment.get(name);
            if (value != null) {
                environment.put(name, value);
            }
        });
        String threads = Integer.toString(python.threads());
        THREAD_CAPS.forEach(name -> environment.put(name, threads));
        environment.put("JE_ARROW_MALLOC_CONF", "background_thread:false"); // pyarrow starts a thread otherwise
        environment.putAll(python.environment());
        return new GuardianSpec(python.interpreter(), Map.copyOf(environment));
    }

    /** Shows no value of the environment, which may be a secret. */
    @Override
    public String toString() {
        return "GuardianSpec[" + interpreter + ", environment " + environment.keySet() + ']';
    }
}
