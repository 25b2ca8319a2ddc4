package org.vivarium.api.view;

import java.time.Instant;
import java.util.List;

/**
 * What machine, JVM and Python processes use, as it was seen at one moment.
 *
 * @param at when it was seen; the epoch if nobody has looked yet
 * @param lookMillis how long the look took
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
    /** Nobody has looked yet. */
    public static final ResourcesView NONE = new ResourcesView(
            Instant.EPOCH,
            0,
            new HostView(Runtime.getRuntime().availableProcessors(), Double.NaN, Double.NaN, 0, 0),
            new JvmView(ProcessHandle.current().pid(), 0, Double.NaN, 0, 0, -1, 0, 0, 0, 0, 0),
            0,
            0,
            List.of());

    public ResourcesView {
        processes = List.copyOf(processes);
    }
}
