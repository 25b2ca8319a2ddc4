package org.vivarium.core.process.host;

import java.util.ArrayList;
import java.util.List;

/**
 * What a fork server imports before it forks; two pools with equal specs share one.
 *
 * @param path directories put in front of {@code sys.path}
 * @param preload modules imported for their weight only
 * @param modules modules that define programs
 * @param spawn import nothing, and start a fresh interpreter per worker instead of forking
 */
record ForkServerSpec(List<String> path, List<String> preload, List<String> modules, boolean spawn) {

    List<String> allModules() {
        List<String> all = new ArrayList<>(preload);
        all.addAll(modules);
        return all;
    }
}
