package org.vivarium.api.view.resources;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.vivarium.api.ProcessRole;

/**
 * One Python process of ours, or a process that one of them has started.
 *
 * @param parent its parent now, which is another one once the first has ended
 * @param name what the logs call it; {@code null} for a child or an orphan
 * @param pool the pool that it belongs to; {@code null} if none
 * @param worker the worker that it is or was started by; {@code null} if none is known
 * @param state one letter: {@code R} runs, {@code S} sleeps, {@code D} waits for a device, {@code T} is stopped,
 *     {@code Z} has ended
 * @param privateBytes resident memory of its own, looked at more rarely
 * @param cpuMillis processor time since it started
 * @param cpuPercent processor time since the previous sample, 100 for one processor; NaN in the first
 * @param growthBytesPerMinute trend of its resident memory over the last looks, as the median of the slopes between all
 *     pairs of them (Theil and Sen), which a few leaps do not move; NaN until there are enough
 * @param growing whether that is a MiB or more, and at least three of four pairs rise
 */
public record ProcessView(
        long pid,
        long parent,
        ProcessRole role,
        @Nullable String name,
        @Nullable String pool,
        @Nullable String worker,
        String state,
        Instant started,
        long rssBytes,
        long privateBytes,
        long cpuMillis,
        double cpuPercent,
        int threads,
        int openDescriptors,
        double growthBytesPerMinute,
        boolean growing) {}
