package org.vivarium.api.view.resources;

import java.time.Instant;
import java.util.List;

/**
 * What machine, JVM and Python processes use, as it was seen at one moment.
 *
 * @param at when it was seen
 * @param lookMillis how long the sample took
 * @param zombies how many processes below ours have ended without anybody taking notice, at two looks in a row
 * @param orphans how many have lost the worker that started them, at two looks in a row
 */
public record ResourcesView(
        Instant at,
        double lookMillis,
        HostView host,
        JvmView jvm,
        int zombies,
        int orphans,
        List<ProcessView> processes) {
    public ResourcesView {
        processes = List.copyOf(processes);
    }
}
