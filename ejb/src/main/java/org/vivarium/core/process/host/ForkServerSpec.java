package org.vivarium.core.process.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.vivarium.core.process.WorkerRequest;
import org.vivarium.core.protocol.Frame;
import org.vivarium.core.protocol.FrameType;

/**
 * What a fork server imports before it forks, and the orders that follow from it; two pools with equal specs share one.
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

    /** Returns the order to start the fork server {@code id}, which will say {@code token}. */
    Frame serve(String id, String token) {
        return Frame.of(
                FrameType.SERVE,
                Map.of(
                        "server",
                        id,
                        "token",
                        token,
                        "path",
                        path,
                        "preload",
                        spawn ? List.of() : preload,
                        "modules",
                        spawn ? List.of() : modules));
    }

    /** Returns the order to make the worker of {@code request}, which will say {@code token}. */
    Frame fork(WorkerRequest request, String token) {
        return Frame.of(
                FrameType.FORK,
                Map.ofEntries(
                        Map.entry("worker", request.id()),
                        Map.entry("pool", request.pool()),
                        Map.entry("token", token),
                        Map.entry("slots", request.slots()),
                        Map.entry("spawn", spawn),
                        Map.entry("spin_micros", request.channel().spin().toNanos() / 1_000),
                        Map.entry("log_level", request.logLevel()),
                        Map.entry("heartbeat_millis", request.heartbeat().toMillis()),
                        Map.entry("session_bytes", request.sessionBytes()),
                        Map.entry("hard_memory_megabytes", request.limits().hardMemoryMegabytes()),
                        Map.entry("cpu_limit_millis", request.limits().cpuMillis()),
                        Map.entry("path", spawn ? path : List.of()),
                        Map.entry("modules", spawn ? allModules() : List.of())));
    }
}
