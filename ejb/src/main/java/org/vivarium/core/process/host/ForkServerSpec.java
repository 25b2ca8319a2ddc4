package org.vivarium.core.process.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a fork server imports before it forks; two pools with equal specs share one.
 *
 * @param path directories put in front of {@code sys.path}
 * @param preload modules imported for their weight only
 * @param modules modules that define programs
 * @param allowInherited modules during whose import threads and descriptors may come that workers lack or share
 * @param spawn import nothing, and start a fresh interpreter per worker instead of forking
 */
record ForkServerSpec(
        List<String> path, List<String> preload, List<String> modules, List<String> allowInherited, boolean spawn) {

    /** Returns the body of SERVE for the fork server {@code id}, which says {@code token} when it connects. */
    Map<String, Object> order(String id, String token) {
        return Map.of(
                "server",
                id,
                "token",
                token,
                "path",
                path,
                "preload",
                spawn ? List.of() : preload,
                "modules",
                spawn ? List.of() : modules,
                "allow_inherited",
                allowInherited);
    }

    List<String> allModules() {
        List<String> all = new ArrayList<>(preload);
        all.addAll(modules);
        return all;
    }
}
